/** What the bundler knows of the page. */
interface ImportMeta {
  readonly env: { readonly BASE_URL: string; readonly PROD: boolean };
}

declare module "*.css";
