"""The pages that are measured and checked: one of each kind."""

from playwright.sync_api import Page

PAGES = {
    "/": "home",
    "/search?q=06840": "results",
    "/search?q=Springfield": "choice",
    "/search?q=zzzz": "no match",
    "/meet": "two places",
    "/meet?a=06820&b=06877": "between two places",
    "/meet/invite": "link to the other person",
    "/zones/ct-darien-parking-lot": "zone",
    "/zones/ct-new-canaan-lobby": "moved zone",
    "/zones/ct-darien-parking-lot/meet": "plan a meeting",
    "/search?q=06840&at=2036-12-06T19:00": "results at a time",
    "/search?q=06840&at=sat+7": "which time",
    "/programs/oh-dayton-police-department": "program",
    "/towns/ct/new-canaan": "town",
    "/towns/ct/weston": "town without zones",
    "/towns/ct": "state",
    "/towns": "all towns",
    "/tips": "tips",
    "/kept": "kept zones",
    "/about": "about",
    "/zones/ct-darien-parking-lot/report": "report form",
    "/zones/ct-darien-parking-lot/ours": "this is our zone",
    "/departments": "for departments",
    "/submit": "submit",
    "/sign-in": "sign in",
    "/freshness": "freshness",
    "/towns/ct/new-canaan/embed": "embed builder",
    "/towns/ct/new-canaan/poster": "posters",
    "/towns/ct/new-canaan/figures": "figures",
    "/downloads": "downloads",
    "/docs": "API documentation",
    "/api/v1/": "API",
    "/api/v1/nearest?address=06840": "nearest zones of the API",
    "/api/v1/collections/zones/items?filter=country='CA'": "filtered zones of the API",
    "/api/v1/collections/zones/items?limit=0": "error of the API",
    "/api/v1/collections/zones/items/ct-darien-parking-lot": "zone of the API",
    "/api/v1/collections/zones/queryables": "queryables of the API",
    "/nothing": "404",
}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds (WCAG 2.2 AA and best practice): rule and place."""
    page.evaluate(axe)
    found = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations"
        ".flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + (n.any[0]?.message || '')))",
        AXE_TAGS,
    )
    return [str(item) for item in found]


def axe_violations_with_frames(page: Page, axe: str) -> list[str]:
    """The same for a page and every frame in it, whatever their origin, as a reader meets them: as one."""
    for frame in page.frames:
        frame.evaluate(axe + "; axe.configure({allowedOrigins: ['<unsafe_all_origins>']})")
    found = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations"
        ".flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + (n.any[0]?.message || '')))",
        AXE_TAGS,
    )
    return [str(item) for item in found]
