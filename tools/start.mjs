#!/usr/bin/env node
// `npm start`: everything a fresh clone lacks, then the server. A second start finds it all done.
import { bootstrap, buildIfStale, runTypeScript } from './bootstrap.mjs'

bootstrap()
for (const app of ['h5', 'admin']) buildIfStale(app)
await runTypeScript('server/main.ts')
