import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export type AppConfig = {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  preloadRule?: Record<string, { network: 'all' | 'wifi'; packages: string[] }>
  requiredPrivateInfos?: string[]
}

/** What `build:weapp` made: the files WeChat would get. */
export type Bundle = { dist: string; app: AppConfig; pages: string[] }

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const BUILD = "import('./tools/bootstrap.mjs').then(({ buildIfStale }) => buildIfStale('weapp'))"

/** The mini-program built from the sources as they are; built only when they have changed. */
export function builtBundle(): Bundle {
  execFileSync(process.execPath, ['-e', BUILD], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  return readBundle(join(ROOT, 'dist/weapp'))
}

export function readBundle(dist: string): Bundle {
  const app = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as AppConfig
  const apart = (app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => posix.join(root, page)))
  return { dist, app, pages: [...app.pages, ...apart] }
}

/** The sub-package a file or page lies in; null: the main package. */
export function packageOf({ app }: Bundle, path: string): string | null {
  return app.subPackages?.find(({ root }) => path.startsWith(`${root}/`))?.root ?? null
}

/** Paths of the bundle's files with this ending, from its root, sorted. */
export function filesOf({ dist }: Bundle, ending: string): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => posix.relative(dist, posix.join(entry.parentPath, entry.name)))
    .sort()
}

export function readText({ dist }: Bundle, file: string): string {
  return readFileSync(join(dist, file), 'utf8')
}

export type Run = (code: string, file: string) => (...given: unknown[]) => unknown
export type Require = (file: string) => unknown

/**
 * `require` as a mini-program has it: files of the bundle by their path, each run once, in the phone's own globals.
 * A sub-package finds its own files and those of the main package, which finds none of a sub-package.
 */
export function newRequire(bundle: Bundle, run: Run): Require {
  const loaded = new Map<string, { exports: unknown }>()

  function load(file: string): unknown {
    const known = loaded.get(file)
    if (known !== undefined) return known.exports
    if (!existsSync(join(bundle.dist, file))) throw new Error(`module '${file}' is not defined`)
    const module = { exports: {} as unknown }
    loaded.set(file, module)
    const require = (asked: string) => {
      const path = withEnding(posix.join(dirname(file), asked))
      if (![null, packageOf(bundle, file)].includes(packageOf(bundle, path)))
        throw new Error(`module '${path}' is not defined, require args is '${asked}'`)
      return load(path)
    }
    const code = `(function (require, module, exports) {${readText(bundle, file)}\n})`
    run(code, file)(require, module, module.exports)
    return module.exports
  }
  return load
}

const withEnding = (path: string) => (path.endsWith('.js') ? path : `${path}.js`)
