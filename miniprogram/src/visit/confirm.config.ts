export default definePageConfig({ navigationBarTitleText: '请确认' })
