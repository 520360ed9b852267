import { Input, Textarea } from '@tarojs/components'
import { aria } from './aria'

export interface RawInputProps {
  id: string
  value: string
  onChange: (value: string) => void
  /** `digits` opens the number pad and keeps leading zeros. */
  /** `pin` is `digits` that nobody else should read. */
  kind: 'text' | 'digits' | 'phone' | 'long' | 'pin'
  label: string
  hint?: string
  maxLength: number
  invalid: boolean
  describedBy?: string
  /** Enter, also from a scanner that types. */
  onDone?: () => unknown
}

/** The platform's own field. The browser's stands in ./raw-input.h5. */
export function RawInput({ id, value, onChange, kind, label, hint, maxLength, invalid, onDone }: RawInputProps) {
  const shared = {
    id,
    className: `input ${kind === 'long' ? 'input-long' : ''} ${invalid ? 'is-invalid' : ''}`,
    value,
    placeholder: hint,
    placeholderClass: 'placeholder',
    maxlength: maxLength,
    onInput: (event: { detail: { value: string } }) => onChange(event.detail.value),
    ...aria({ label }),
  }
  if (kind === 'long') return <Textarea {...shared} autoHeight disableDefaultPadding />
  return <Input {...shared} type={kind === 'text' ? 'text' : 'number'} password={kind === 'pin'} onConfirm={onDone} />
}
