// y[j, c] = table[ids[j], c] for ids of this band of rows
// A table that one binding cannot hold is read band by band; each row of y is written by the band that has it. One element an invocation, for a last axis that four does not divide.
import lib::lanes1;
import lib::gather;
