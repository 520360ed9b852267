#!/usr/bin/env node
// What a fresh clone lacks before the server can run: packages, database clients, the two apps it serves.
import { bootstrap, buildIfStale } from './bootstrap.mjs'

bootstrap()
for (const app of ['h5', 'admin']) buildIfStale(app)
