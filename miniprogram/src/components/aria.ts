interface Aria {
  role?: string
  label?: string
  hidden?: boolean
  checked?: boolean
  selected?: boolean
  disabled?: boolean
  live?: 'polite' | 'assertive'
}

/** What assistive technology is told, in the form of the platform: browsers read `role`, mini-programs `aria-role`. */
export function aria({
  role,
  label,
  hidden,
  checked,
  selected,
  disabled,
  live,
}: Aria): Record<string, string | boolean> {
  const told = {
    [process.env.TARO_ENV === 'h5' ? 'role' : 'aria-role']: role,
    'aria-label': label,
    'aria-hidden': hidden,
    'aria-checked': checked,
    'aria-selected': selected,
    'aria-disabled': disabled,
    'aria-live': live,
  }
  return Object.fromEntries(
    Object.entries(told).filter((one): one is [string, string | boolean] => one[1] !== undefined),
  )
}
