import { useRouter } from '@tarojs/taro'

/** What the page was opened with, decoded: both platforms hand it over as it stands in the address. */
export function useParams(): Record<string, string | undefined> {
  const { params } = useRouter()
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value && decoded(value)]))
}

/** A lone % is no encoding: what can't be decoded stays as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
