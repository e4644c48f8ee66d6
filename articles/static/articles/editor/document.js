/* What a story is made of where it differs from the library's blocks.

   A figure stands between blocks only: it belongs to no group, and the document alone takes it,
   so lists, tables and quotes refuse it. A numbered list carries its first number and nothing else:
   <ol start="3"><li>…</li></ol>.
   The name StoryDocument is not the library's: without this module there is no editor at all
   rather than one that drops pictures. */

import { Node, OrderedList } from "django-prose-editor/editor"

export const StoryDocument = Node.create({
  name: "doc",
  topNode: true,
  content: "(block | storyFigure | storyVideo)+",
})

export const StoryOrderedList = OrderedList.configure({
  enableListAttributes: false,
}).extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => element.start || 1,
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
    }
  },
  addNodeView() {
    return null
  },
})
