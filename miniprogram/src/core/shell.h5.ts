/** The browser keeps the app's files, so that it opens without a network; in WeChat the platform does. */
export function keepShell(): void {
  if (navigator.serviceWorker === undefined) return
  navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}
