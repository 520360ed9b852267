#!/usr/bin/env node
// `npm run -s mulin -- <command>`: the operator's commands, with the packages and clients they need.
import { bootstrap, runTypeScript } from './bootstrap.mjs'

bootstrap()
await runTypeScript('server/cli.ts')
