import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres'

export default async function setup(project: TestProject) {
  const server = await startPostgres({ fsync: false })
  project.provide('database', { provider: 'postgresql', serverUrl: server.url, template: await server.template() })
  return () => server.stop()
}
