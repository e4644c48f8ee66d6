/* Characters no keyboard has: a dialog with tabs, a search by name, the last used ones first.

   <div role="grid"> <div role="row"> <button role="gridcell" aria-label="破折号">—</button> … </div> … </div>

   Arrows walk, Enter inserts and closes, Shift+Enter inserts and stays. The names are Chinese, as
   they are what one searches by; "①-⑳ 带圈数字" names each of the characters with its place. */

import { composes, freshId, openDialog, tabsOf } from "articles/editor/dialog"
import { fill } from "articles/editor/status"
import { crel, Extension, gettext } from "django-prose-editor/editor"

const REMEMBERED = 20
const KEY = "editor-characters"
const IN_A_ROW = 10

/* One line: character, space, names. A run "①-⑳ 带圈数字" is written out with numbers from 1. */
const TABLES = {
  marks: `
— 破折号（两个连用）
… 省略号（两个连用）
· 间隔号 外国人名
“ 左双引号
” 右双引号
‘ 左单引号
’ 右单引号
「 左直角引号
」 右直角引号
『 左双直角引号
』 右双直角引号
《 左书名号
》 右书名号
〈 左单书名号
〉 右单书名号
【 左方头括号
】 右方头括号
〔 左六角括号 发文字号
〕 右六角括号 发文字号
（ 左圆括号
） 右圆括号
［ 左方括号
］ 右方括号
｛ 左花括号
｝ 右花括号
～ 浪纹线 范围
－ 全角连接号
– 短横 连接号
、 顿号
々 叠字号
〇 汉字零
※ 注意号 米字号
★ 实心五角星
☆ 空心五角星
● 实心圆
○ 空心圆
◎ 双圆
■ 实心方
□ 空心方
▲ 实心三角
△ 空心三角
▼ 实心倒三角
◆ 实心菱形
◇ 空心菱形
§ 章节号
¶ 段落号
† 剑号
№ 编号
℡ 电话号码
㊣ 正字号
✓ 对勾
✗ 叉号
☑ 方框对勾
© 版权
® 注册商标
™ 商标
　 全角空格`,
  mathematics: `
± 正负号
× 乘号
÷ 除号
≈ 约等于
≠ 不等于
≤ 小于等于
≥ 大于等于
≡ 恒等于
∶ 比号
∵ 因为
∴ 所以
√ 根号
∞ 无穷大
∑ 求和
∏ 求积
∫ 积分
∂ 偏导
∈ 属于
∩ 交集
∪ 并集
⊥ 垂直
∥ 平行
∠ 角
△ 三角形
⌀ 直径
° 度
′ 分 角分
″ 秒 角秒
℃ 摄氏度
℉ 华氏度
% 百分号
‰ 千分号
‱ 万分号
㎡ 平方米
㎥ 立方米 方
㎞ 千米 公里
㎜ 毫米
㎝ 厘米
㎏ 千克 公斤
㎎ 毫克
㏄ 毫升
μ 微
Ω 欧姆
² 平方 上标二
³ 立方 上标三
¹ 上标一
₂ 下标二 二氧化碳
₃ 下标三
₄ 下标四
½ 二分之一
⅓ 三分之一
¼ 四分之一
¾ 四分之三
￥ 人民币 元
$ 美元
€ 欧元
£ 英镑
￠ 美分`,
  numbers: `
①-⑳ 带圈数字
㉑-㉟ 带圈数字|21
❶-❿ 黑圈数字
⑴-⒇ 括号数字
⒈-⒛ 点号数字
㈠-㈩ 括号汉字数字
㊀-㊉ 带圈汉字数字
Ⅰ-Ⅻ 大写罗马数字
ⅰ-ⅹ 小写罗马数字
Ⓐ-Ⓩ 带圈字母
壹 大写数字一
贰 大写数字二
叁 大写数字三
肆 大写数字四
伍 大写数字五
陆 大写数字六
柒 大写数字七
捌 大写数字八
玖 大写数字九
拾 大写数字十
佰 大写数字百
仟 大写数字千`,
  arrows: `
→ 右箭头
← 左箭头
↑ 上箭头
↓ 下箭头
↔ 左右箭头
↕ 上下箭头
↗ 右上箭头 增长
↘ 右下箭头 下降
↖ 左上箭头
↙ 左下箭头
⇒ 右双线箭头 推出
⇐ 左双线箭头
⇔ 左右双线箭头 等价
➜ 粗右箭头
➤ 实心右箭头
▶ 右三角
◀ 左三角
► 小右三角
☞ 手指向右
↩ 返回箭头
↻ 循环箭头`,
  pinyin: [..."āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ"]
    .map((letter, index) => `${letter} ${"aoeiuü"[Math.floor(index / 4)]} 第${"一二三四"[index % 4]}声`)
    .concat("ü u两点 鱼", "ê e尖帽", "ɑ 拼音a", "ɡ 拼音g", "ń n 第二声", "ň n 第三声", "ǹ n 第四声")
    .join("\n"),
  letters: `
α 阿尔法 希腊字母
β 贝塔 希腊字母
γ 伽马 希腊字母
δ 德尔塔 希腊字母
ε 艾普西隆 希腊字母
θ 西塔 希腊字母
λ 兰姆达 希腊字母
μ 缪 希腊字母
π 派 圆周率 希腊字母
ρ 柔 希腊字母
σ 西格马 希腊字母
τ 陶 希腊字母
φ 斐 希腊字母
ψ 普西 希腊字母
ω 欧米伽 希腊字母
Γ 大写伽马 希腊字母
Δ 大写德尔塔 希腊字母
Θ 大写西塔 希腊字母
Λ 大写兰姆达 希腊字母
Σ 大写西格马 希腊字母
Φ 大写斐 希腊字母
Ψ 大写普西 希腊字母
Ω 大写欧米伽 希腊字母
ä a两点 德文
ö o两点 德文
ß 德文ss
é e尖音 法文
è e钝音 法文
ê e尖帽 法文
à a钝音 法文
â a尖帽 法文
ç c软音 法文
ñ n波浪 西班牙文
á a尖音 西班牙文
í i尖音 西班牙文
ó o尖音 西班牙文
ú u尖音 西班牙文
ã a波浪 葡萄牙文
õ o波浪 葡萄牙文
å a圆圈 北欧
ø o斜线 北欧
æ ae合字 北欧
ı 无点i 土耳其文
ş s软音 土耳其文
ğ g短音 土耳其文
Я 雅 俄文
Ж 热 俄文
Ш 沙 俄文`,
}

const readLine = (line) => {
  const run = /^(.)-(.) ([^|]+)\|?(\d+)?$/u.exec(line)
  if (!run) {
    const [character, ...names] = [line[0], line.slice(2)]
    return [{ character, name: names.join(" ") }]
  }
  const [, first, last, name, start = 1] = run
  const from = first.codePointAt(0)
  return Array.from({ length: last.codePointAt(0) - from + 1 }, (_, index) => ({
    character: String.fromCodePoint(from + index),
    name: `${name} ${name.endsWith("字母") ? String.fromCharCode(65 + index) : Number(start) + index}`,
  }))
}

const readTable = (table) => table.trim().split("\n").flatMap(readLine)

const GROUPS = Object.fromEntries(
  Object.entries(TABLES).map(([name, table]) => [name, readTable(table)]),
)
const ALL = [
  ...new Map(
    Object.values(GROUPS)
      .flat()
      .toReversed()
      .map((entry) => [entry.character, entry]),
  ).values(),
].toReversed()

/* A browser may keep nothing (private windows): then nothing is remembered. */
const recent = () => {
  try {
    const kept = [...(localStorage.getItem(KEY) || "")]
    return kept.map((kind) => ALL.find(({ character }) => character === kind)).filter(Boolean)
  } catch {
    return []
  }
}

const remember = (character) => {
  try {
    const kept = recent().map((entry) => entry.character)
    const fresh = [character, ...kept.filter((other) => other !== character)]
    localStorage.setItem(KEY, fresh.slice(0, REMEMBERED).join(""))
  } catch {
    // As above.
  }
}

const createGrid = (label, choose) => {
  const element = crel("div", {
    className: "editor-characters",
    role: "grid",
    "aria-label": label,
  })
  const cells = () => [...element.querySelectorAll("button")]
  const stopAt = (cell) => {
    for (const other of cells()) other.tabIndex = other === cell ? 0 : -1
  }
  element.addEventListener("focusin", ({ target }) => {
    if (target.matches("button")) stopAt(target)
  })
  element.addEventListener("click", (event) => {
    const cell = event.target.closest("button")
    if (cell) choose(cell.dataset.character, event.shiftKey)
  })
  element.addEventListener("keydown", (event) => {
    const all = cells()
    const index = all.indexOf(event.target)
    const to = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: Math.min(index + IN_A_ROW, all.length - 1),
      ArrowUp: index - IN_A_ROW,
      Home: index - (index % IN_A_ROW),
      End: Math.min(index - (index % IN_A_ROW) + IN_A_ROW, all.length) - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    all[to]?.focus()
  })
  return {
    element,
    fill(entries) {
      const made = entries.map(({ character, name }) =>
        crel("button", {
          type: "button",
          role: "gridcell",
          textContent: character === "　" ? "␣" : character,
          title: name,
          lang: "zh-Hans",
          "aria-label": `${name} ${character}`.trim(),
          "data-character": character,
        }),
      )
      const rows = []
      while (made.length)
        rows.push(crel("div", { role: "row" }, made.splice(0, IN_A_ROW)))
      element.replaceChildren(...rows)
      stopAt(cells()[0])
    },
    focus: () => cells()[0]?.focus(),
  }
}

const openCharacters = (editor) => {
  let dialog
  const said = crel("p", { className: "editor-dialog__note", role: "status" })
  const insert = (character, stays) => {
    remember(character)
    // Not a chain with focus: the dialog keeps it while it is open.
    editor.view.dispatch(editor.state.tr.insertText(character).scrollIntoView())
    if (stays) said.textContent = fill(gettext("Inserted: %(character)s"), { character })
    else dialog.close()
  }
  const grid = createGrid(gettext("Characters"), insert)
  const panel = crel("div", {}, [grid.element])
  const field = crel("input", {
    type: "search",
    id: freshId("field"),
    autocomplete: "off",
    placeholder: gettext("For example: arrow, square metre"),
  })
  const labels = {
    recent: gettext("Recently used"),
    marks: gettext("Punctuation and signs"),
    mathematics: gettext("Mathematics and units"),
    numbers: gettext("Numbers"),
    arrows: gettext("Arrows"),
    pinyin: gettext("Pinyin"),
    letters: gettext("Foreign letters"),
  }
  const names = recent().length ? Object.keys(labels) : Object.keys(GROUPS)
  const groups = { ...GROUPS, recent: recent() }
  const tabs = tabsOf(
    gettext("Kinds of characters"),
    names.map((name) => ({ name, label: labels[name], panel })),
    (name) => {
      panel.hidden = false
      grid.fill(groups[name])
      field.value = ""
      said.textContent = ""
      for (const tab of tabs?.element.children || [])
        if (tab.dataset.name === name) panel.setAttribute("aria-labelledby", tab.id)
    },
  )
  const look = () => {
    const words = field.value.trim().toLowerCase()
    if (!words) return tabs.show(tabs.current())
    const found = ALL.filter(
      ({ character, name }) => character === words || name.toLowerCase().includes(words),
    )
    grid.fill(found)
    said.textContent = found.length
      ? ""
      : gettext("No character is called so. Try another word.")
  }
  field.addEventListener("input", (event) => {
    if (!composes(event)) look()
  })
  field.addEventListener("compositionend", look)
  field.addEventListener("keydown", (event) => {
    if (composes(event)) return
    if (event.key === "ArrowDown") {
      event.preventDefault()
      grid.focus()
    }
  })
  dialog = openDialog(editor, {
    title: gettext("Special characters"),
    className: "editor-dialog--characters",
    body: [
      crel("div", { className: "editor-dialog__field" }, [
        crel("label", { htmlFor: field.id, textContent: gettext("Name of the character") }),
        field,
      ]),
      tabs.element,
      panel,
      said,
      crel("p", {
        className: "editor-dialog__note",
        textContent: gettext("Hold Shift to insert several."),
      }),
    ],
    // Enter in the search takes the first that was found.
    submit() {
      const first = field.value && grid.element.querySelector("button")
      if (first) insert(first.dataset.character, false)
      return false
    },
  })
  tabs.show(names[0])
  field.focus()
}

export const StoryCharacters = Extension.create({
  name: "storyCharacters",

  addMenuItems({ menu }) {
    const { editor } = this
    menu.defineItem({
      name: "characters",
      groups: "characters",
      button: crel("button", {
        type: "button",
        className: "prose-menubar__button prose-menubar__button--sign",
        textContent: "Ω",
      }),
      // A selected picture would be replaced.
      enabled: () => !editor.state.selection.node,
      command: () => openCharacters(editor),
    })
  },
})
