import type { RawInputProps } from './raw-input'

/** A browser's own field: it belongs to its label, knows its keyboard and says what is wrong with it. */
export function RawInput({ id, value, onChange, kind, hint, maxLength, invalid, describedBy, onDone }: RawInputProps) {
  const shared = {
    id,
    className: `input ${kind === 'long' ? 'input-long' : ''} ${invalid ? 'is-invalid' : ''}`,
    value,
    placeholder: hint,
    maxLength,
    'aria-invalid': invalid || undefined,
    'aria-describedby': describedBy,
  }
  if (kind === 'long') return <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />
  return (
    <input
      {...shared}
      type={kind === 'phone' ? 'tel' : kind === 'pin' ? 'password' : 'text'}
      inputMode={kind === 'digits' || kind === 'pin' ? 'numeric' : undefined}
      autoComplete={kind === 'pin' ? 'one-time-code' : 'off'}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && onDone?.()}
    />
  )
}
