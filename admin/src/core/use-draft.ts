import type { FormInstance } from 'antd'
import { useEffect } from 'react'

/**
 * Keeps what was typed in this tab until it is sent, so that a reload loses nothing. What identifies a person beyond
 * the name (ID number, phone, address) is never kept.
 */
export function useDraft<Values extends object>(name: string, form: FormInstance<Values>, never: readonly string[]) {
  const key = `mulin.admin.draft.${name}`
  useEffect(() => {
    const kept = sessionStorage.getItem(key)
    if (kept !== null) form.setFieldsValue(JSON.parse(kept))
  }, [key, form])
  return {
    keep: (values: Values) =>
      sessionStorage.setItem(
        key,
        JSON.stringify(values, (field, value) => (never.includes(field) ? undefined : value)),
      ),
    drop: () => sessionStorage.removeItem(key),
  }
}
