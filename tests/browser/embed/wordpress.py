"""What WordPress makes of the oEmbed code of a site that it does not know.

After `wp_filter_oembed_result` (wp-includes/embed.php) and wp-includes/js/wp-embed.js of WordPress 6: a quotation and
a frame with a few attributes stay, the frame is sandboxed, and hidden until it answers with the secret of its address.
"""

import re

SECRET = "a1B2c3D4e5"
KEPT = {
    "a": ("href",),
    "blockquote": (),
    "iframe": ("src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"),
}
SCRIPT = """
addEventListener("message", ({ source, data }) => {
  if (!data || !data.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
  const marked = (tag) => document.querySelectorAll(`${tag}[data-secret="${data.secret}"]`);
  for (const quote of marked("blockquote")) quote.style.display = "none";
  for (const frame of marked("iframe")) {
    if (source !== frame.contentWindow) continue;
    frame.removeAttribute("style");
    if (data.message === "height") frame.height = Math.min(Math.max(parseInt(data.value, 10), 200), 1000);
    if (data.message !== "link") continue;
    const [ours, theirs] = [new URL(frame.src), new URL(data.value)];
    const may = /^https?:$/.test(theirs.protocol) && theirs.host === ours.host && document.activeElement === frame;
    if (may) top.location.href = data.value;
  }
});
for (const frame of document.querySelectorAll("iframe.wp-embedded-content"))
  frame.contentWindow.postMessage({ message: "ready", secret: frame.dataset.secret }, "*");
"""


def shown_by_wordpress(code: str) -> str:
    """The part of a post that stands for the code, with the script that a theme puts at its end."""
    kept = re.sub(r"<(/?)([a-z]+)([^>]*)>", _kept, code)
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", kept, re.DOTALL)
    assert found is not None, "WordPress shows nothing without a frame"
    quote, frame = found[1] or "", found[2]
    frame = re.sub(r' src="(.*?)"', rf' src="\1#?secret={SECRET}" data-secret="{SECRET}"', frame)
    if quote:
        frame = frame.replace("<iframe", '<iframe style="position: absolute; visibility: hidden;"')
        quote = quote.replace("<blockquote", f'<blockquote data-secret="{SECRET}" class="wp-embedded-content"')
    sandboxed = '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"'
    return f"{quote}{frame.replace('<iframe', sandboxed)}<script>{SCRIPT}</script>"


def _kept(tag: re.Match[str]) -> str:
    end, name, attributes = tag.groups()
    if name not in KEPT:
        return ""
    kept = [f' {key}="{value}"' for key, value in re.findall(r' ([a-z]+)="([^"]*)"', attributes) if key in KEPT[name]]
    return f"<{end}{name}{''.join(kept)}>"
