import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Failure } from '../core/call'
import { aria } from './aria'
import { Icon } from './icon'
import { RawInput } from './raw-input'
import { Sheet } from './sheet'
import { Tappable } from './tappable'

interface FieldProps {
  /** The name in the input: the id of the field, and what a refusal's `field` says. */
  name: string
  label: string
  /** One line below: how it is meant. Never the label again, never a substitute for it. */
  help?: string
  /** What is wrong with it. */
  error?: string | null
}

/** What a refusal says about one field of a form, or null. */
export function errorOf(failure: Failure | null, name: string): string | null {
  return failure?.field === name ? failure.sentence : null
}

/** A label above, its field, what is wrong or how it is meant below. */
function Field({ name, label, help, error = null, children }: FieldProps & { children: ReactNode }) {
  return (
    <View className="field">
      {process.env.TARO_ENV === 'h5' ? (
        <label className="field-label" htmlFor={name}>
          {label}
        </label>
      ) : (
        <View className="field-label">{label}</View>
      )}
      {children}
      {error !== null ? (
        <View id={`${name}-note`} className="field-error" {...aria({ live: 'polite' })}>
          <Icon name="alert" size={18} />
          <Text>{error}</Text>
        </View>
      ) : (
        help !== undefined && (
          <View id={`${name}-note`} className="field-help">
            {help}
          </View>
        )
      )}
    </View>
  )
}

interface TextInputProps extends FieldProps {
  value: string
  onChange: (value: string) => void
  /** 完成 on the keyboard. */
  onDone?: () => unknown
  kind?: 'text' | 'phone' | 'long'
  /** An example, not the label. */
  hint?: string
  maxLength?: number
}

export function TextInput({
  value,
  onChange,
  onDone,
  kind = 'text',
  hint,
  maxLength = kind === 'long' ? 500 : 60,
  ...field
}: TextInputProps) {
  const { name, label, help, error = null } = field
  return (
    <Field {...field}>
      <RawInput
        id={name}
        value={value}
        onChange={onChange}
        onDone={onDone}
        kind={kind}
        label={label}
        hint={hint}
        maxLength={maxLength}
        invalid={error !== null}
        describedBy={error !== null || help !== undefined ? `${name}-note` : undefined}
      />
    </Field>
  )
}

interface DigitsInputProps extends FieldProps {
  value: string
  /** Gets digits only; a pasted "4827 1936" loses its gap. */
  onChange: (digits: string) => void
  /** 完成 on the keyboard. */
  onDone?: () => unknown
  length: number
  /** Shown as dots. */
  secret?: boolean
}

/** A code read from a screen or a card. */
export function DigitsInput({ value, onChange, onDone, length, secret = false, ...field }: DigitsInputProps) {
  const { name, label, help, error = null } = field
  return (
    <Field {...field}>
      <View className="digits">
        <RawInput
          id={name}
          value={value}
          onChange={(text) => onChange(text.replace(/\D/g, '').slice(0, length))}
          onDone={onDone}
          kind={secret ? 'pin' : 'digits'}
          label={label}
          maxLength={length + 4}
          invalid={error !== null}
          describedBy={error !== null || help !== undefined ? `${name}-note` : undefined}
        />
      </View>
    </Field>
  )
}

export interface Choice<T extends string> {
  value: T
  words: string
}

interface ChoicesProps<T extends string> {
  /** What is chosen: read out, not shown. */
  label: string
  options: readonly Choice<T>[]
  value: T | null
  onChange: (value: T) => void
  /** `chips` wrap; `even` share the width. */
  layout?: 'chips' | 'even'
  /** `tab` where the choice filters what stands below. */
  role?: 'radio' | 'tab'
}

/** One of a few: all of them in sight. */
export function Choices<T extends string>({
  label,
  options,
  value,
  onChange,
  layout = 'chips',
  role = 'radio',
}: ChoicesProps<T>) {
  const here = (option: Choice<T>) => option.value === value
  return (
    <View className={`choices choices-${layout}`} {...aria({ role: role === 'tab' ? 'tablist' : 'radiogroup', label })}>
      {options.map((option) => (
        <Tappable
          key={option.value}
          className={`choice ${here(option) ? 'is-chosen' : ''}`}
          role={role}
          label={option.words}
          {...(role === 'tab' ? { selected: here(option) } : { checked: here(option) })}
          onTap={() => onChange(option.value)}
        >
          <Text>{option.words}</Text>
        </Tappable>
      ))}
    </View>
  )
}

interface PickerProps<T extends string> extends FieldProps {
  options: readonly Choice<T>[]
  value: T | null
  onChange: (value: T) => void
  /** In the field while nothing is chosen. */
  hint?: string
}

/** One of many: the choice opens in a sheet. */
export function Picker<T extends string>({ options, value, onChange, hint = '请选择', ...field }: PickerProps<T>) {
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  const choose = (next: T) => {
    onChange(next)
    setOpen(false)
  }
  return (
    <Field {...field}>
      <Tappable
        className={`input picker ${field.error ? 'is-invalid' : ''}`}
        label={`${field.label}：${chosen?.words ?? hint}`}
        onTap={() => setOpen(true)}
      >
        <Text className={chosen === undefined ? 'grow t3' : 'grow'}>{chosen?.words ?? hint}</Text>
        <Icon name="chevron-down" size={20} />
      </Tappable>
      {open && (
        <Sheet title={field.label} onClose={() => setOpen(false)}>
          <View {...aria({ role: 'radiogroup', label: field.label })}>
            {options.map((option) => (
              <CheckRow
                key={option.value}
                role="radio"
                checked={option.value === value}
                words={option.words}
                onTap={() => choose(option.value)}
              />
            ))}
          </View>
        </Sheet>
      )}
    </Field>
  )
}

interface CheckRowProps {
  words: string
  checked: boolean
  role?: 'checkbox' | 'radio'
  disabled?: boolean
  onTap: () => unknown
}

/** A box to tick, the whole row wide. Rows stand in a <List>. */
export function CheckRow({ words, checked, role = 'checkbox', disabled, onTap }: CheckRowProps) {
  return (
    <Tappable
      className={`check-row ${checked ? 'is-checked' : ''}`}
      role={role}
      label={words}
      checked={checked}
      disabled={disabled}
      onTap={onTap}
    >
      <View className={`check-box ${role === 'radio' ? 'is-round' : ''}`}>
        {checked && <Icon name="check" size={20} />}
      </View>
      <Text className="grow">{words}</Text>
    </Tappable>
  )
}
