import { createApp } from 'vue'
import App from './App.vue'
import { whenSignedOut } from './base/api'
import { lang, setLang } from './base/i18n'
import { lost } from './base/session'
import { applyTheme } from './base/theme'
import './styles/tokens.css'
import './styles/base.css'
import './styles/lights.css'
import './styles/print.css'

applyTheme()
setLang(lang.value)
whenSignedOut(lost)
// In a task after the one that read the scripts: a phone can answer its user in between.
setTimeout(() => createApp(App).mount('#app'))
