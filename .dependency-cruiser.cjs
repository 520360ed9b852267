// Who may import whom. Each rule says why; test/architecture.test.ts plants a violation of every one and sees it caught.
// What goes over the wire, written as zod schemas: inputs, views and the documents a county edits.
const CONTRACT = '^shared/.+/(input|view|document)[.]ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-only-shared',
      comment:
        'It runs on a phone, in a browser and on the server: whatever it imports would have to run in all three.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'zod-only-in-contracts',
      comment: 'Rules run on the phone, where zod would cost 87 KB of the main package.',
      severity: 'error',
      from: { path: '^shared/', pathNot: CONTRACT },
      to: { path: '^node_modules/zod/' },
    },
    {
      name: 'rules-take-contracts-as-types',
      comment: 'A rule that imports a contract by value takes zod to the phone with it.',
      severity: 'error',
      from: { path: '^shared/', pathNot: CONTRACT },
      to: { path: CONTRACT, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'apps-take-contracts-as-types',
      comment: 'The app sends and shows what the type says; the server is the one who checks.',
      severity: 'error',
      from: { path: '^(miniprogram|admin)/' },
      to: { path: `${CONTRACT}|^node_modules/zod/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'apps-know-the-server-by-its-api',
      comment: 'What an app took from the server would reach a phone with it: keys, queries, names of others.',
      severity: 'error',
      from: { path: '^(miniprogram|admin)/' },
      to: { path: '^server/' },
    },
    {
      name: 'server-knows-no-app',
      comment: 'The API is the contract: two apps use it today, a third must not need a change here.',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(miniprogram|admin)/' },
    },
    {
      name: 'apps-do-not-import-each-other',
      comment: 'They have different components, budgets and build tools; what they share is in shared/.',
      severity: 'error',
      from: { path: '^(miniprogram|admin)/' },
      to: { path: '^(miniprogram|admin)/', pathNot: '^$1/' },
    },
    {
      name: 'a-noun-keeps-its-face',
      comment:
        "A noun uses another's verbs and queries. Its routes, policy and presenter answer for its own callers only.",
      severity: 'error',
      from: { path: '^server/([^/]+)/' },
      to: { path: '^server/[^/]+/(routes|policy|present)[.]ts$', pathNot: '^server/$1/' },
    },
    {
      name: 'the-ledger-knows-no-other-noun',
      comment: 'Books that know of visits and elders could not be audited, or moved, without them.',
      severity: 'error',
      from: { path: '^(server|shared)/ledger/' },
      to: { path: '^(server|shared)/[^/]+/', pathNot: '^(server|shared)/(ledger|core|generated)/' },
    },
    {
      name: 'core-knows-no-noun',
      comment:
        'Core is what is left when every noun is removed. (WeChat and SMS are no nouns: what a request holds names their ports.)',
      severity: 'error',
      from: { path: '^(server|shared|miniprogram/src|admin/src)/core/' },
      to: {
        path: '^$1/[^/]+/',
        pathNot: ['^$1/(core|generated|components)/', '^server/(wechat/wechat|sms/sms)[.]ts$'],
      },
    },
    {
      name: 'only-core-db-opens-prisma',
      comment: 'One place decides adapter, pragmas and timeouts, and casts the one provider to the other.',
      severity: 'error',
      from: { pathNot: '^server/(core/db[.]ts$|generated/)|^tools/|^prisma[.]config[.]ts$' },
      to: { path: '^server/generated/|^node_modules/@?prisma/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What the product needs belongs to the product. Tools and bench may start the database of the tests.',
      severity: 'error',
      from: { pathNot: '^(test|tools|bench)/|^vitest[.]config[.]ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'a-test-stands-alone',
      comment: 'A test that needs another test says nothing when it is run alone.',
      severity: 'error',
      from: {},
      to: { path: '[.]test[.]tsx?$' },
    },
    {
      name: 'no-circles',
      comment: 'Of two files that need each other neither can be understood, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'the-server-runs-without-dev-packages',
      comment: 'In production only what is under `dependencies` is installed.',
      severity: 'error',
      from: { path: '^(server|shared)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'what-is-imported-exists',
      comment: 'A path that leads nowhere escapes every other rule. (The emulated phone requires the built bundle.)',
      severity: 'error',
      from: { pathNot: '^test/support/weapp/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^server/generated/'] },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
