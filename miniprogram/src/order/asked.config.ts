export default definePageConfig({ navigationBarTitleText: '要过的帮忙' })
