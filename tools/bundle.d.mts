export function bundleServer(entry?: string, ...more: string[]): Promise<string>

type Loader = { filter: RegExp }
type Plugin = {
  name: string
  setup: (build: { onLoad: (which: Loader, load: (file: { path: string }) => object | undefined) => void }) => void
}
export function whereItWas(filter: RegExp): Plugin
export function esbuild(): { build: (options: object) => Promise<unknown> }
