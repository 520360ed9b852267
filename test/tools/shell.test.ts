import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { writeShell } from '../../tools/shell.mjs'

const SOURCE = 'miniprogram/service-worker.js'
const ORIGIN = 'https://mulin.example'

/** A build with these files; answers its worker. */
function built(files: Record<string, string>): { version: string; worker: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-shell-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const part of ['js', 'css']) mkdirSync(join(folder, part))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const version = writeShell(SOURCE, folder)
  return { version, worker: readFileSync(join(folder, 'sw.js'), 'utf8') }
}

/** A browser's caches, a network that can be cut, and workers that come one after the other. */
function newBrowser() {
  const stores = new Map<string, Map<string, string>>()
  const net = { files: new Map<string, string>(), isUp: true }
  const pathOf = (asked: unknown) => new URL(String((asked as { url?: string }).url ?? asked), ORIGIN).pathname
  const answerOf = (text: string | undefined) => (text === undefined ? undefined : { text })
  const open = async (name: string) => {
    const store = stores.get(name) ?? new Map<string, string>()
    stores.set(name, store)
    return {
      addAll: async (all: unknown[]) => {
        for (const one of all) store.set(pathOf(one), (await fetchFile(one)).text)
      },
      match: async (asked: unknown) => answerOf(store.get(pathOf(asked))),
    }
  }
  const fetchFile = async (asked: unknown) => {
    const text = net.files.get(pathOf(asked))
    if (!net.isUp || text === undefined) throw new TypeError('no network')
    return { text }
  }
  const caches = {
    open,
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    match: async (asked: unknown) =>
      answerOf([...stores.values()].map((store) => store.get(pathOf(asked))).find((text) => text !== undefined)),
  }
  async function begin(worker: string) {
    const listeners = new Map<string, (event: object) => void>()
    const self = {
      ...{ addEventListener: (name: string, heard: (event: object) => void) => listeners.set(name, heard) },
      ...{ location: { origin: ORIGIN }, clients: { claim: async () => {} }, skipWaiting: async () => {} },
    }
    class Request {
      constructor(readonly url: string) {}
    }
    const Response = { redirect: (to: string) => ({ text: `redirect ${to}` }) }
    runInNewContext(worker, { self, caches, Request, Response, fetch: fetchFile, URL, setTimeout, Promise, Error })
    for (const name of ['install', 'activate']) {
      let done: Promise<unknown> = Promise.resolve()
      listeners.get(name)?.({ waitUntil: (work: Promise<unknown>) => (done = work) })
      await done
    }
    return async (path: string, mode = 'no-cors') => {
      let answer: Promise<{ text: string }> | null = null
      const request = { method: 'GET', url: `${ORIGIN}${path}`, mode }
      listeners.get('fetch')?.({ request, respondWith: (given: Promise<{ text: string }>) => (answer = given) })
      return answer === null ? 'not ours' : ((await (answer as Promise<{ text: string }>))?.text ?? 'nothing')
    }
  }
  return { net, stores, begin }
}

const FIRST = { 'index.html': 'page 1', 'js/app.aaaaaaaa.js': 'app 1', 'css/app.aaaaaaaa.css': 'style' }
const SECOND = { 'index.html': 'page 2', 'js/app.bbbbbbbb.js': 'app 2', 'css/app.aaaaaaaa.css': 'style' }
const THIRD = { 'index.html': 'page 3', 'js/app.cccccccc.js': 'app 3', 'css/app.aaaaaaaa.css': 'style' }
const served = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([name, text]) => [name === 'index.html' ? '/' : `/${name}`, text]))

test('the same build makes the same worker, another byte another one', () => {
  expect(built(FIRST)).toEqual(built(FIRST))
  expect(built({ ...FIRST, 'index.html': 'page 1!' }).version).not.toBe(built(FIRST).version)
  expect(built(FIRST).worker).toContain('["/css/app.aaaaaaaa.css","/js/app.aaaaaaaa.js"]')
})

test('without a network the page opens from the phone, and a plate scanned by the camera finds its page; asking the server is left alone', async () => {
  const { net, begin } = newBrowser()
  net.files = served(FIRST)
  const ask = await begin(built(FIRST).worker)
  net.isUp = false
  expect(await ask('/', 'navigate')).toBe('page 1')
  expect(await ask('/js/app.aaaaaaaa.js')).toBe('app 1')
  expect(await ask('/d/P1abc', 'navigate')).toBe('redirect /#/plate/code?q=%2Fd%2FP1abc')
  expect([await ask('/api/v1/me'), await ask('/admin/', 'navigate')]).toEqual(['not ours', 'not ours'])
})

test('a new build is shown at once and kept; who still has the old page open gets its scripts, until the next but one', async () => {
  const { net, stores, begin } = newBrowser()
  net.files = served(FIRST)
  await begin(built(FIRST).worker)
  net.files = served(SECOND)
  const second = await begin(built(SECOND).worker)
  expect(await second('/', 'navigate')).toBe('page 2')
  net.isUp = false
  expect([await second('/', 'navigate'), await second('/js/app.bbbbbbbb.js')]).toEqual(['page 2', 'app 2'])
  expect(await second('/js/app.aaaaaaaa.js')).toBe('app 1')
  net.isUp = true
  net.files = served(THIRD)
  const third = await begin(built(THIRD).worker)
  expect([stores.size, await third('/js/app.bbbbbbbb.js')]).toEqual([2, 'app 2'])
  await expect(third('/js/app.aaaaaaaa.js')).rejects.toThrow('no network')
})
