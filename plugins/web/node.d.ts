/** The little of Node.js that the headless modules use. */
declare module 'node:fs' {
  export function readFileSync(path: URL | string | number, encoding: 'utf-8'): string;
}
declare const process: { stdout: { write(text: string): void } };
