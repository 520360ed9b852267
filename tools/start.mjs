#!/usr/bin/env node
// `npm start`: everything a fresh clone lacks, then the server. A second start finds it all done.
import { runTypeScript } from './bootstrap.mjs'
import './prepare.mjs'

await runTypeScript('server/main.ts')
