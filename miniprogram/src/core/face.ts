import { createStore, useStore } from './store'

export const SCALES = [1, 1.25, 1.5] as const
export type Scale = (typeof SCALES)[number]

/** Which face the app wears: the standard one, or 长辈版 in one of three sizes. The choice is remembered. */
export interface Face {
  elder: boolean
  scale: Scale
}

const store = createStore<Face>('mulin.face', { elder: false, scale: 1 }, readFace)

function readFace(stored: unknown): Face | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { elder, scale } = stored as Partial<Face>
  return { elder: elder === true, scale: SCALES.find((one) => one === scale) ?? 1 }
}

export const currentFace = store.get

export function useFace(): Face {
  return useStore(store)
}

export function wearElderFace(elder: boolean): void {
  store.set({ ...store.get(), elder })
}

export function setScale(scale: Scale): void {
  store.set({ ...store.get(), scale })
}

/** The classes of a page's root; the standard face knows no scale. */
export function faceClass({ elder, scale }: Face): string {
  if (!elder) return 'face-standard'
  return scale === 1 ? 'face-elder' : `face-elder scale-${scale * 100}`
}
