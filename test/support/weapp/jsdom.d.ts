/** As much of jsdom as the tests use. */
declare module 'jsdom' {
  export type DOMWindow = Window & typeof globalThis & { [name: string]: unknown }
  export class JSDOM {
    constructor(html: string, options: { runScripts: 'outside-only'; pretendToBeVisual: boolean })
    readonly window: DOMWindow
  }
}
