/** The key that does what a button says; for the eye only, the button's name is its words. */
export function Key({ children }: { children: string | number }) {
  return (
    <span className="key" aria-hidden="true">
      {children}
    </span>
  )
}
