/** Registers every op's f64 loops. One import an op family. */
import "./elementwise.ts";
import "./matmul.ts";
import "./conv.ts";
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
