/** Searches a user's own pictures by a user's own CLIP, on the CPU; started when the first file is chosen. */
import { expose } from "comlink";
import wasmAddress from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { carryErrors } from "./error-transfer.ts";
import { useWasm } from "./onnx/clip-session.ts";
import { PictureSearch } from "./onnx/picture-search.ts";

useWasm(wasmAddress);
carryErrors();
expose(new PictureSearch());
