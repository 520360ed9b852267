import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../server/core/migrate'
import { folderForDatabases } from './folder'

const migrations = fileURLToPath(new URL('../../prisma/sqlite/migrations', import.meta.url))

export default async function setup(project: TestProject) {
  const folder = folderForDatabases('mulin-sqlite-')
  const file = join(folder, 'template.db')
  await migrate(`file:${file}`, migrations, () => {})
  project.provide('database', { provider: 'sqlite', file })
  return () => rmSync(folder, { recursive: true, force: true })
}
