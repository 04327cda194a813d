/** Files that the bundlers import as text. */
declare module "*.wgsl" {
  const text: string;
  export default text;
}

declare module "*.yaml" {
  const text: string;
  export default text;
}
