// Styled text, as Blooio writes it: **bold**, *italic*, ++underlined++, ~~struck through~~, and \ before a literal sign.

const TAGS = {"**": "strong", "++": "u", "~~": "s", "*": "em"};

export function styled(source, linked) {
  const top = {mark: null, children: []}, stack = [top];
  let text = "";
  const flush = () => { stack.at(-1).children.push(...linked(text)); text = ""; };
  for (let at = 0; at < source.length;) {
    const open = stack.at(-1).mark;
    let mark = Object.keys(TAGS).find((each) => source.startsWith(each, at));
    // Of three asterisks, the first one ends the italic text.
    if (mark === "**" && open === "*" && source.startsWith("***", at)) mark = "*";
    if (!mark) {
      const isEscaped = source[at] === "\\" && at + 1 < source.length;
      text += source[at + isEscaped];
      at += 1 + isEscaped;
      continue;
    }
    flush();
    if (mark === open) close(stack);
    else stack.push({mark, children: []});
    at += mark.length;
  }
  flush();
  while (stack.length > 1) close(stack);
  return top.children;
}

function close(stack) {
  const {mark, children} = stack.pop();
  const made = document.createElement(TAGS[mark]);
  made.append(...children);
  stack.at(-1).children.push(made);
}
