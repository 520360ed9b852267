// What a mutation of the ledger is tried with: the plain tests of what is shared, or those that keep books on SQLite.
import { defineConfig } from 'vitest/config'

const onBooks = process.env.MULIN_MUTATION === 'books'

export default defineConfig({
  test: {
    include: onBooks
      ? ['test/ledger/{audit,kinds,lots,post,guards,rules,leaf}.test.ts', 'test/member/{repay,requests}.test.ts']
      : ['test/ledger/{rules,leaf,input}.test.ts'],
    globalSetup: onBooks ? ['test/support/sqlite.setup.ts'] : [],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
  },
})
