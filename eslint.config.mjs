// JavaScript of the addons: Odoo modules in the browser, without a build step of our own.
import globals from "globals";
import js from "@eslint/js";

export default [
    {ignores: ["**/static/lib/**", ".run/**", ".venv/**"]},
    js.configs.recommended,
    {
        files: ["addons/**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2023,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        rules: {
            complexity: ["error", 15],
            curly: "error",
            eqeqeq: ["error", "always", {null: "ignore"}],
            "no-console": ["error", {allow: ["warn", "error"]}],
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-var": "error",
            "prefer-const": "error",
        },
    },
    {
        files: ["addons/**/static/src/service_worker/**/*.js"],
        languageOptions: {globals: globals.serviceworker},
    },
    {files: ["*.mjs", "tests/**/*.mjs"], languageOptions: {globals: globals.node}},
];
