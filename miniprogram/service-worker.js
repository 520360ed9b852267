// Keeps the app's own files on the phone, so that the page opens anew where there is no network. What is asked of the
// server, and all that is personal, never passes through here. The build puts the list of files in (tools/shell.mjs).
const FILES = /* the build's files */ []
const SHELL = 'shell-/* the build */'
const PAGE = '/'
/** A page that is open may still ask for a script of the build it came with. */
const KEPT = 2
/** On a weak network one shouldn't stare at nothing for longer than this. */
const PATIENCE_MS = 4000
/** Where a printed code leads, as the server says it when it can be reached. */
const CODE = /^\/([der])\/([0-9A-Za-z-]{1,40})$/

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (pathname === PAGE || CODE.test(pathname)) event.respondWith(page(request, pathname))
    return
  }
  if (/^\/(js|css)\//.test(pathname)) event.respondWith(file(request))
})

async function install() {
  const shell = await caches.open(SHELL)
  await shell.addAll([PAGE, ...FILES].map((path) => new Request(path, { cache: 'reload' })))
  await self.skipWaiting()
}

async function activate() {
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL)
  await Promise.all(shells.slice(0, Math.max(0, shells.length - KEPT + 1)).map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** The page of today where the server answers in time, else the one of the phone. */
async function page(request, pathname) {
  const asked = fetch(request)
  asked.catch(() => undefined)
  try {
    return await Promise.race([asked, late()])
  } catch {
    const [, kind, value] = CODE.exec(pathname) ?? []
    if (kind !== undefined) return Response.redirect(`/#/plate/code?q=${encodeURIComponent(`/${kind}/${value}`)}`)
    const kept = await (await caches.open(SHELL)).match(PAGE)
    return kept ?? asked
  }
}

function late() {
  return new Promise((_, fail) => setTimeout(() => fail(new Error('late')), PATIENCE_MS))
}

/** Files carry a hash in their name: one that is here is the right one, of whichever build. */
async function file(request) {
  const kept = await caches.match(request)
  return kept ?? fetch(request)
}
