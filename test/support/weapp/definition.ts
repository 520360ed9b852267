import type { ScreenNode } from './screen'

/** What the code of a page or component hands to `Page` or `Component`. */
export type Definition = Record<string, unknown>

/** A page as its own code knows it: `this` of its methods. */
export type PageInstance = Record<string, unknown> & {
  route: string
  data: Record<string, unknown>
  setData(change: Record<string, unknown>, done?: () => void): void
}

/** What `Page` and `Component` mean while the code of one file runs. */
export type Define = Record<'page' | 'component', (definition: Definition) => void>

/** One page, drawn. */
export interface Drawn {
  instance: PageInstance
  root(): ScreenNode
  /** The whole page with its styles, where it is really drawn. */
  html?(): string
  remove(): void
}

/** How a phone draws: `define` runs the code of a file, `draw` makes a page of what it defined. */
export interface Renderer {
  define(file: string, run: (globals: Define) => void): void
  draw(page: string): Drawn
  close(): void
}
