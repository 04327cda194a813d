/** Files that the bundlers import as text. */
declare module "*.wgsl" {
  const text: string;
  export default text;
}

declare module "*.yaml" {
  const text: string;
  export default text;
}

/** Files of packages that the page's bundler puts beside the scripts, by their addresses. */
declare module "*.wasm?url" {
  const address: string;
  export default address;
}
