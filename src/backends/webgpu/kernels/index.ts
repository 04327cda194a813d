/** Registers every lowering. One import a kernel family. */
import "./conv.ts";
import "./elementwise.ts";
import "./gemm.ts";
import "./norm.ts";
import "./reduce.ts";
import "./shape.ts";
import "./softmax.ts";
import "./pool.ts";
import "./embedding.ts";
import "./optimizer.ts";
import "./random.ts";
import "./search.ts";
import "./attention.ts";
