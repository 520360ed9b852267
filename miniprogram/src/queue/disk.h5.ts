const NAME = 'mulin'
const STORE = 'kept'
const KEY = 'queue'

/** The browser's version of ./disk: IndexedDB holds more than local storage, and survives a full one. */
export async function readDisk(): Promise<unknown> {
  const database = await open()
  return settled(database.transaction(STORE).objectStore(STORE).get(KEY))
}

/** Done when the browser says that it is written. */
export async function writeDisk(value: object): Promise<void> {
  const database = await open()
  const writing = database.transaction(STORE, 'readwrite', { durability: 'strict' })
  writing.objectStore(STORE).put(value, KEY)
  await new Promise<void>((resolve, fail) => {
    writing.oncomplete = () => resolve()
    writing.onabort = () => fail(writing.error)
  })
}

let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  if (opened !== null) return opened
  const asked = indexedDB.open(NAME, 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
  opened = settled(asked)
  return opened
}

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, fail) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => fail(asked.error)
  })
}
