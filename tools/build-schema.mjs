// Writes prisma/<provider>/schema from prisma/models: the same models next to a datasource of each provider.
// The result is never committed, so it can't drift; every tool that needs it writes it first.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROVIDERS = ['sqlite', 'postgresql']

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const models = join(root, 'prisma/models')

const datasource = (provider) => `// written by tools/build-schema.mjs
datasource db {
  provider = "${provider}"
}

generator client {
  provider     = "prisma-client"
  output       = "../../../server/generated/${provider}"
  moduleFormat = "esm"
}
`

/** SQLite knows no native types: `@db.Date` and the like are dropped there. */
const forProvider = (provider, text) => (provider === 'sqlite' ? text.replace(/\s@db\.\w+(\([^)]*\))?/g, '') : text)

export function buildSchemas() {
  for (const provider of PROVIDERS) {
    const folder = join(root, 'prisma', provider, 'schema')
    const files = new Map([['_datasource.prisma', datasource(provider)]])
    for (const name of readdirSync(models).filter((file) => file.endsWith('.prisma'))) {
      const text = readFileSync(join(models, name), 'utf8')
      files.set(name, `// written by tools/build-schema.mjs from prisma/models/${name}\n${forProvider(provider, text)}`)
    }
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name))
    for (const [name, text] of files) writeIfChanged(join(folder, name), text)
  }
}

function writeIfChanged(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildSchemas()
