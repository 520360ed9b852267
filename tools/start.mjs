#!/usr/bin/env node
// `npm start`: everything a fresh clone lacks, then the server. A second start finds it all done.
import { pathToFileURL } from 'node:url'
import { root } from './bootstrap.mjs'
import { server } from './prepare.mjs'

process.chdir(root)
process.setSourceMapsEnabled(true)
await import(pathToFileURL(server).href)
