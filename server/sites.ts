import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Koa from 'koa'
import send from 'koa-send'
import type { Parts } from './core/route'

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../dist')
const YEAR_MS = 365 * 86_400_000
/** Where a printed code leads in the browser's mini-program; WeChat opens its own page for the same address. */
const HAND_OVER = /^\/([derxci])\/([0-9A-Za-z-]{1,40})$/

/** The built sites: the mini-program's H5 at /, the admin at /admin, and the printed codes that hand over to the H5 page. */
export function sites(_: Parts): Koa.Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    const code = HAND_OVER.exec(ctx.path)
    if (code?.[1] === 'c') return ctx.redirect(`/#/certificate/show?no=${encodeURIComponent(code[2] ?? '')}`)
    if (code?.[1] === 'i') return ctx.redirect(`/#/elder/apart/accept?q=${encodeURIComponent(`/i/${code[2]}`)}`)
    if (code !== null) return ctx.redirect(`/#/plate/code?q=${encodeURIComponent(`/${code[1]}/${code[2]}`)}`)
    if (ctx.path === '/admin') return ctx.redirect('/admin/')
    if (ctx.path.startsWith('/admin/')) return serve(ctx, join(DIST, 'admin'), ctx.path.slice('/admin'.length))
    return serve(ctx, join(DIST, 'h5'), ctx.path)
  }
}

/** A file, or the site's own page for an address that its router knows. */
async function serve(ctx: Koa.Context, root: string, path: string): Promise<void> {
  const file =
    path === '/' || !existsSync(join(root, decodeURIComponent(path).replace(/\.\./g, ''))) ? '/index.html' : path
  const hashed = /\.[0-9a-f]{8,}\.|-[\w-]{8}\.(js|css)$/.test(file)
  if (file === '/index.html' && /\.\w{2,5}$/.test(path)) return
  await send(ctx, file, { root, maxage: hashed ? YEAR_MS : 0, immutable: hashed, hidden: false })
}
