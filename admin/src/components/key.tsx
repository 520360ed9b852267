import type { ReactNode } from 'react'

/** The key that does what a button says; for the eye only, the button's name is its words. */
export function Key({ children }: { children: string | number }) {
  return (
    <span className="key" aria-hidden="true">
      {children}
    </span>
  )
}

/** Which keys do what on this page, where they can be seen: a person without a mouse must not have to guess. */
export function KeyHints({ keys, children }: { keys: readonly (readonly [string, string])[]; children?: ReactNode }) {
  return (
    <div className="keys">
      {keys.map(([pressed, words]) => (
        <span key={pressed}>
          {pressed.split(' ').map((one) => (
            <kbd key={one}>{one}</kbd>
          ))}
          {words}
        </span>
      ))}
      {children}
    </div>
  )
}

/** The keys of a list whose rows are opened one by one. */
export const ROW_KEYS = [
  ['J K', '上下'],
  ['回车', '打开'],
] as const
