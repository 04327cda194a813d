/** Rows of Parquet files that may come from anyone. */
import { parquetMetadata, parquetReadObjects, parquetSchema, snappyUncompress, type PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { FormatError } from "../../errors.ts";
import { viewOf } from "../bytes.ts";
import { defaultLimits, type Limits } from "./limits.ts";

/**
 * The rows of a Parquet file, its columns of texts and numbers: others and groups are left out.
 *
 * The reader, hyparquet, believes every count in a file. So all that it will allocate by, or loop by, is looked at before:
 * sizes and rows in the metadata, the header of each page, and the lengths of runs in it.
 *
 * @throws FormatError when it is no Parquet file, is over a limit, or has counts that its bytes cannot hold; and where it is
 * packed by another way than Snappy or encoded by another than plain, dictionary or split bytes
 *
 * Apache Parquet 2.11, `parquet.thrift` and Encodings.md.
 */
export async function parquetRows(
  bytes: Uint8Array,
  where: string,
  limits: Limits = defaultLimits,
): Promise<Record<string, unknown>[]> {
  try {
    checkFooter(bytes, where);
    const metadata = parquetMetadata(bytes, { geoparquet: false });
    const columns = readableColumns(metadata, where);
    for (const chunk of checkedChunks(metadata, columns, bytes.length, where, limits)) checkPages(chunk, bytes, where);
    // A copy, so that the reader's offsets count from the file's own start.
    return await parquetReadObjects({ file: bytes.slice().buffer, metadata, columns: [...columns.keys()] });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(where, "a Parquet file", error instanceof Error ? error.message : String(error));
  }
}

type Metadata = ReturnType<typeof parquetMetadata>;
type ColumnMetadata = NonNullable<Metadata["row_groups"][number]["columns"][number]["meta_data"]>;

function ensure(holds: boolean, where: string, expected: string, actual: unknown): asserts holds {
  if (!holds) throw new FormatError(where, expected, String(actual));
}

const mostFooterBytes = 16 * 2 ** 20;
/** A number has ten bytes at most, the longest texts in a footer are values that Arrow keeps up to 4 KiB. */
const mostHighBytes = 8192;

/** A number takes the reader the square of its length, and ends at the first byte below 128. */
function checkFooter(bytes: Uint8Array, where: string): void {
  const view = viewOf(bytes);
  ensure(bytes.length >= 12, where, "a Parquet file", `${String(bytes.length)} bytes`);
  const length = view.getUint32(bytes.length - 8, true);
  ensure(length <= Math.min(mostFooterBytes, bytes.length - 12), where, "a footer within 16 MiB and the file", length);
  let run = 0;
  for (const byte of bytes.subarray(bytes.length - 8 - length)) {
    run = byte < 128 ? 0 : run + 1;
    ensure(
      run <= mostHighBytes,
      where,
      `at most ${String(mostHighBytes)} bytes above 127 in a row in the footer`,
      "more",
    );
  }
}

const mostColumns = 1000;
const readTypes: readonly unknown[] = ["BYTE_ARRAY", "INT32", "INT64", "FLOAT", "DOUBLE"];

interface Column {
  readonly type: string;
  /** Whether a row may lack a value, so that levels say which do. */
  readonly isOptional: boolean;
}

/** Columns of one value a row, by name. */
function readableColumns(metadata: Metadata, where: string): ReadonlyMap<string, Column> {
  ensure(
    metadata.schema.length <= mostColumns,
    where,
    `at most ${String(mostColumns)} columns`,
    metadata.schema.length,
  );
  const root = parquetSchema(metadata);
  ensure(root.element.repetition_type !== "REPEATED", where, "a schema that is not repeated", "one that is");
  const columns = new Map<string, Column>();
  const names = new Set<string>();
  for (const { element, children } of root.children) {
    const { name, type, repetition_type: repetition } = element;
    ensure(!names.has(name), where, "columns of different names", JSON.stringify(name));
    names.add(name);
    if (children.length > 0 || repetition === "REPEATED" || !readTypes.includes(type)) continue;
    columns.set(name, { type: type!, isOptional: repetition !== "REQUIRED" });
  }
  return columns;
}

/** Values of all rows and columns together. */
const mostValues = 10 ** 8;

interface Chunk extends Column {
  readonly isPacked: boolean;
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

/** The chunks that the reader will read; nothing of them has been read. */
function checkedChunks(
  { num_rows: numRows, row_groups: groups }: Metadata,
  columns: ReadonlyMap<string, Column>,
  fileBytes: number,
  where: string,
  { inflatedBytes }: Limits,
): Chunk[] {
  const chunks: Chunk[] = [];
  let [rows, values, packed, unpacked] = [0, 0, 0, 0];
  for (const group of groups) {
    const groupRows = count(group.num_rows, `${where}: rows`);
    rows += groupRows;
    for (const { meta_data: meta } of group.columns) {
      const column = columns.get(meta?.path_in_schema[0] ?? "");
      if (!meta || !column) continue;
      const chunk = chunkOf(meta, column, groupRows, where);
      values += groupRows;
      packed += chunk.end - chunk.start;
      unpacked += count(meta.total_uncompressed_size, `${where}: sizes`);
      ensure(chunk.end <= fileBytes, where, `columns within ${String(fileBytes)} bytes`, chunk.end);
      chunks.push(chunk);
    }
  }
  ensure(BigInt(rows) === numRows, where, `${String(numRows)} rows, as the file says`, rows);
  // A row takes a bit at least, so that a file of this size cannot hold more.
  ensure(rows <= fileBytes * 8, where, `at most ${String(fileBytes * 8)} rows`, rows);
  ensure(values <= mostValues, where, `at most ${String(mostValues)} values`, values);
  ensure(packed <= fileBytes, where, `columns of at most ${String(fileBytes)} bytes together`, packed);
  ensure(unpacked <= inflatedBytes, where, `columns of at most ${String(inflatedBytes)} bytes unpacked`, unpacked);
  return chunks;
}

function chunkOf(meta: ColumnMetadata, column: Column, rows: number, where: string): Chunk {
  ensure(meta.type === column.type, where, `values of ${column.type}, as the schema says`, meta.type);
  const isPacked = meta.codec === "SNAPPY";
  ensure(isPacked || meta.codec === "UNCOMPRESSED", where, "columns packed by Snappy or not at all", meta.codec);
  // As the reader finds it.
  const { dictionary_page_offset: offset } = meta;
  const start = count(offset === undefined || offset === 0n ? meta.data_page_offset : offset, `${where}: offsets`);
  const end = start + count(meta.total_compressed_size, `${where}: sizes`);
  return { ...column, isPacked, start, end, rows };
}

/** A count as a number. @throws FormatError when it is none, or negative */
function count(value: unknown, where: string): number {
  const number = Number(value);
  ensure(Number.isSafeInteger(number) && number >= 0, where, "a count", value);
  return number;
}

/** Bytes of a page's header at most: four values of statistics, which Arrow keeps up to 4 KiB. */
const mostHeaderBytes = 32 * 1024;

function checkPages({ start, end, rows, ...column }: Chunk, bytes: Uint8Array, where: string): void {
  const chunk = bytes.subarray(start, end);
  let [at, read] = [0, 0];
  // As long as the reader goes on, and no longer.
  while (read < rows && at < chunk.length - 1) {
    const reader = { view: viewOf(chunk.subarray(at, at + mostHeaderBytes)), offset: 0 };
    const header = parquetHeader(reader);
    at += reader.offset;
    const packed = count(header.compressed_page_size, `${where}: a page's bytes`);
    ensure(packed <= chunk.length - at, where, `a page of at most ${String(chunk.length - at)} bytes`, packed);
    const values = checkPage(header, chunk.subarray(at, at + packed), column, where);
    if (header.type !== "DICTIONARY_PAGE") read += values;
    ensure(read <= rows, where, `at most ${String(rows)} values in a column`, read);
    at += packed;
  }
}

const encodings: readonly unknown[] = ["PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"];

/** @returns the values that it says it holds */
function checkPage(
  header: PageHeader,
  page: Uint8Array,
  { isOptional, isPacked }: Pick<Chunk, "isOptional" | "isPacked">,
  where: string,
): number {
  const { type, data_page_header: one, data_page_header_v2: two, dictionary_page_header: dictionary } = header;
  const place = `${where}: a page`;
  if (type === "DICTIONARY_PAGE") {
    const content = unpacked(page, header.uncompressed_page_size, isPacked, place);
    const values = count(dictionary?.num_values, place);
    ensure(values <= content.length, place, `at most ${String(content.length)} values`, values);
    return values;
  }
  const data = type === "DATA_PAGE" ? one : type === "DATA_PAGE_V2" ? two : undefined;
  ensure(data !== undefined, place, "values or a dictionary", type);
  ensure(encodings.includes(data.encoding), place, `an encoding of ${encodings.join(", ")}`, data.encoding);
  const values = count(data.num_values, place);
  let content: Uint8Array;
  if (data === two) {
    const levelBytes = count(two.definition_levels_byte_length, place);
    ensure(two.repetition_levels_byte_length === 0, place, "no repetition", two.repetition_levels_byte_length);
    ensure(levelBytes <= page.length && (isOptional || levelBytes === 0), place, "levels within it", levelBytes);
    ensure(count(two.num_nulls, place) <= values, place, `at most ${String(values)} nulls`, two.num_nulls);
    if (isOptional) checkRuns(page, 0, 1, values, place);
    const sizeBytes = count(header.uncompressed_page_size - levelBytes, place);
    const isBare = two.is_compressed === false || sizeBytes === 0;
    content = isBare ? page.subarray(levelBytes) : unpacked(page.subarray(levelBytes), sizeBytes, isPacked, place);
  } else {
    content = unpacked(page, header.uncompressed_page_size, isPacked, place);
    if (isOptional) {
      ensure(content.length >= 4, place, "levels", "none");
      checkRuns(content, 4, 1, values, place);
      content = content.subarray(4 + viewOf(content).getUint32(0, true));
    }
  }
  if (data.encoding.endsWith("_DICTIONARY")) checkRuns(content, 1, content[0] ?? 0, values, place);
  return values;
}

/** Snappy's copies make at most 64 bytes of 3. */
const mostSnappyRatio = 22;

function unpacked(page: Uint8Array, declared: number, isPacked: boolean, where: string): Uint8Array {
  const sizeBytes = count(declared, where);
  if (!isPacked) return page;
  const most = page.length * mostSnappyRatio;
  ensure(sizeBytes <= most, where, `at most ${String(most)} bytes out of ${String(page.length)}`, sizeBytes);
  const content = new Uint8Array(sizeBytes);
  snappyUncompress(page, content);
  return content;
}

/** Walks runs as the reader does, of which none may be longer than what they are all to give. */
function checkRuns(bytes: Uint8Array, from: number, bitWidth: number, values: number, where: string): void {
  let at = from;
  for (let seen = 0; seen < values && at < bytes.length;) {
    let [header, shift] = [0, 0];
    do {
      header |= (bytes[at]! & 0x7f) << shift;
      shift += 7;
    } while (bytes[at++]! >= 0x80 && at < bytes.length);
    const isPacked = (header & 1) === 1;
    const length = isPacked ? (header >> 1) * 8 : header >>> 1;
    // Packed ones come by eight.
    ensure(length >= 0 && length < values + 8, where, `runs of at most ${String(values)} values`, length);
    // The reader takes a byte even for nothing.
    at += isPacked ? Math.max(1, (length / 8) * bitWidth) : Math.ceil(bitWidth / 8);
    seen += length;
  }
}
