/** A phone as it lies in the hand: what it keeps, where it is, and how its owner answers when WeChat asks. */
export type Device = {
  /** JSON by key: it outlives the app. */
  storage: Map<string, string>
  online: boolean
  /** Sub-packages that have been fetched: they outlive the app. */
  packages: Set<string>
  /** The server does what it is asked next, but its answer never comes. */
  losesNextAnswer: boolean
  /** What the camera reads next; null: the person turns back. */
  camera: string | null
  /** What it reads one after the other, until the person puts it away; null: always `camera`. */
  cards: string[] | null
  /** Where it is, in GCJ-02; null: not granted. */
  place: { latitude: number; longitude: number; accuracy: number } | null
  /** Whether the person has agreed to the privacy terms. */
  privacyAgreed: boolean
  /** Whether the person hands over the phone number when asked. */
  givesPhone: boolean
  /** The answer to WeChat's question about messages of a template. */
  agreesTo: (templateId: string) => boolean
  loginCode: () => string
  phoneCode: () => string
  /** The clock of the phone, and where the server's answers say what time it is. */
  now: () => Date
  apiBase: string
  dialled: string[]
  /** Everything WeChat was asked for, by name. */
  calls: { name: string; options: Record<string, unknown> }[]
  /** 0–1, or −1 for what the system likes. */
  brightness: number
  clipboard: string
}

const STARTS: Omit<Device, 'apiBase' | 'storage' | 'packages' | 'dialled' | 'calls'> = {
  online: true,
  losesNextAnswer: false,
  camera: null,
  cards: null,
  clipboard: '',
  place: { latitude: 37.1956, longitude: 122.0583, accuracy: 20 },
  privacyAgreed: false,
  givesPhone: true,
  agreesTo: () => true,
  loginCode: () => 'no-emulator-login-code',
  phoneCode: () => 'no-emulator-phone-code',
  now: () => new Date(),
  brightness: -1,
}

export function newDevice(given: Partial<Device> & Pick<Device, 'apiBase'>): Device {
  return { ...STARTS, storage: new Map(), packages: new Set(), dialled: [], calls: [], ...given }
}
