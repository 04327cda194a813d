import tseslint from "typescript-eslint";

const javascript = ["**/*.js", "**/*.mjs", "**/*.cjs"];

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "dist/",
      "build/",
      "runs/",
      "world/",
      ".cache/",
      "coverage/",
      "public/",
      "tests/fixtures/",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // Kernel loops read typed arrays inside their bounds; `!` there says so at no cost.
      "@typescript-eslint/no-non-null-assertion": "off",
      // `for (let i = 0; i < n; i++)` walks several arrays at once in numeric code.
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Type parameters that only the return type names are how a JSON reader or a message says what it gives.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Interfaces of plain functions are written as methods; none of them uses `this` without being called on it.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // An index signature's `[name]` and `.name` differ in meaning under noPropertyAccessFromIndexSignature.
      "@typescript-eslint/dot-notation": "off",
    },
  },
  {
    files: ["src/**/*.ts", "src/**/*.tsx", "workers/**/*.ts"],
    ignores: ["src/text-files.d.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use a union of string literals." },
        { selector: "TSModuleDeclaration[kind='namespace']", message: "Use a module." },
        { selector: "ExportDefaultDeclaration", message: "Export by name." },
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file that defines it." },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: "All random numbers come from src/random.ts.",
        },
      ],
    },
  },
  {
    files: ["tests/**/*.ts", "scripts/**/*.ts"],
    rules: {
      "no-console": "off",
      // Matchers such as `expect.any` are typed `any`.
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  {
    files: javascript,
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: javascript,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      "no-console": "off",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
);
