import { defineConfig } from 'prisma/config'

const url = process.env.DATABASE_URL ?? 'file:./data/mulin.db'
const shadowDatabaseUrl = process.env.SHADOW_DATABASE_URL
const provider = /^postgres(ql)?:/.test(url) ? 'postgresql' : 'sqlite'

export default defineConfig({
  schema: `prisma/${provider}/schema`,
  migrations: { path: `prisma/${provider}/migrations` },
  datasource: { url, ...(shadowDatabaseUrl ? { shadowDatabaseUrl } : {}) },
})
