// How the ledger is mutated (tools/mutation.mjs). Texts of server/ledger are statements of SQL and names of columns: an empty
// one fails at once wherever it is sent, which says nothing about the tests.
const onBooks = process.env.MULIN_MUTATION === 'books'

export default {
  packageManager: 'npm',
  testRunner: 'vitest',
  vitest: {
    configFile: 'config/stryker.vitest.ts',
    related: true,
  },
  mutator: { excludedMutations: onBooks ? ['StringLiteral'] : [] },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  mutate: ['shared/ledger/{rules,leaf,input}.ts'],
  ignorePatterns: [
    '/dist',
    '/data',
    '/admin',
    '/miniprogram',
    '/bench',
    '/docs',
    '/test/browser',
    '/test/weapp',
    '/test/image',
    '/screenshots',
    '/prisma/regions',
  ],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: {
    fileName: 'node_modules/.cache/mulin/mutation.json',
  },
  tempDirName: '.stryker-tmp',
  clearTextReporter: {
    allowColor: false,
    logTests: false,
    reportTests: false,
  },
  timeoutMS: 20000,
  disableTypeChecks: false,
}
