// dtable[ids[j], c] = Σ dy[k, c] over the places k with j's id, by the first of them, for ids of this band of rows
// Owner computes: no atomics, and the order of the terms is fixed. Rows that nobody asked for were set to zero before. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::gather_gradient;
