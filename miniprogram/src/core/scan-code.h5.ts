import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { ScanSheet } from '../components/scan-sheet'

let open: Promise<string | null> | null = null

/** Opens the camera in a sheet over whatever page is shown; the number of the plate may be typed there too. */
export function scanCode(): Promise<string | null> {
  open ??= askSheet().finally(() => {
    open = null
  })
  return open
}

function askSheet(): Promise<string | null> {
  const place = document.body.appendChild(document.createElement('div'))
  const root = createRoot(place)
  return new Promise<string | null>((onCode) => root.render(createElement(ScanSheet, { onCode }))).finally(() => {
    root.unmount()
    place.remove()
  })
}
