import { useSyncExternalStore } from 'react'

/** What one person at one desk likes: theme, density, hidden columns. Never data. */
const listeners = new Set<() => void>()
const key = (name: string) => `mulin.admin.${name}`

function read(name: string): string | null {
  try {
    return localStorage.getItem(key(name))
  } catch {
    return null
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(key(name), value)
  } catch {
    // A browser that keeps nothing still works; the preference lasts until the page closes.
  }
  for (const listener of listeners) listener()
}

export function usePreference(name: string, fallback: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => read(name) ?? fallback,
  )
  return [value, (next) => write(name, next)]
}
