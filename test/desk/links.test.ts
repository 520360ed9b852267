import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('generated'))
    .map((file) => join(folder, file))

const LINKS = /(?:\bto=\{?(?:scoped\()?|scoped\(|navigate\(|\bto: (?:scoped\()?)[`'"](\/[^`'"]*)[`'"]/g
const LINKS_OF_SERVER = /[`'"]\/admin(\/[^`'"]*)[`'"]/g

test('every link of the desk leads to a page it has', () => {
  const pages = [...read('admin/src/routes.tsx').matchAll(/path: '\/?([^'*]+)'/g)].map(([, path = '']) => path)
  const parts = (path: string) => path.replace(/^\//, '').split('/')
  const isPage = (link: string) =>
    pages.some((page) => {
      const [asked, there] = [parts(link), parts(page)]
      return (
        asked.length === there.length &&
        asked.every((one, place) => one === there[place] || there[place]?.startsWith(':') || one === ANY)
      )
    })
  const broken = [...filesIn('admin/src'), ...filesIn('server')].flatMap((file) =>
    [...read(file).matchAll(file.startsWith('admin') ? LINKS : LINKS_OF_SERVER)]
      .map(([, link = '']) => link.replace(/\$\{[^}]*\}/g, ANY).split('?')[0] ?? '')
      .filter((link) => link !== '/' && link !== `/login${ANY}` && !isPage(link))
      .map((link) => `${file}: ${link}`),
  )
  expect(broken).toEqual([])
})

/** What stands in a template. */
const ANY = '…'
