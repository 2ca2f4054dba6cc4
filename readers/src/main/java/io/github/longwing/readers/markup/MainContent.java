package io.github.longwing.readers.markup;

import io.github.longwing.readers.text.LeftOut;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;

/**
 * The main content of a page: what the page itself names so, or all of it but what belongs to the site. Names of elements
 * and roles decide first, then names of classes, then how much of a part is links.
 */
final class MainContent {
    /** A part with more of the page's text than this share is never taken for what its class says. */
    private static final double MOST = 0.4;

    /** A main part has so many letters, or so much of the page. */
    private static final int ENOUGH = 250;

    private static final double ENOUGH_SHARE = 0.25;

    /** Of a menu, links are so much of the text, and this long on the average. */
    private static final double MENU = 0.8;

    private static final int FEWEST_LINKS = 3;
    private static final int LONGEST_LINK = 40;

    private static final String NOT_SHOWN = "noscript, template, svg, iframe, audio, video, canvas, textarea, object,"
            + " annotation, annotation-xml, select, option, datalist, button, input, progress, meter";

    private static final Pattern NAVIGATION = named(
            "nav(bar|igation)?|(main|site|top|side|sub|footer|header|mega|mobile|primary|secondary|user|page)-?(nav|menu)"
                    + "|menu(bar)?|bread-?crumbs?|pagination|pager|skip-?(link|to|nav).*|toc-?toggle|jump-?link");
    private static final Pattern CONSENT =
            named("(cookies?|consent|gdpr|ccpa)(-?(banner|bar|notice|consent|law|popup|modal|policy|overlay"
                    + "|message|info|warning|disclaimer|alert|dialog|wall|settings|preferences|box|layer|container|wrapper|manager|bot))+"
                    + "|onetrust.*|didomi.*|usercentrics.*|cookiebot.*|qc-cmp2.*|cmp-?(banner|container|wrapper)|cc-(window|banner)"
                    + "|gdpr|truste.*");
    private static final Pattern ADVERTISEMENT = named(
            "ad|ads|advert(s|isement|ising)?|ad-?(slot|unit|banner|container|wrapper)|sponsored|promo(tion)?s?|banner-?ad");
    private static final Pattern SHARING =
            named("share|sharing|social(-?(share|links|media|icons|bar|buttons))?|share-?(buttons|bar|links|tools)");
    private static final Pattern BESIDE = named(
            "side-?bar|aside|related(-?(posts|articles|content|links|stories))?|newsletter(-?\\w+)?|subscribe|sign-?up|recommended|most-?(read|popular)");
    private static final Pattern FOOTER = named("(site|page|global|main)-?footer|footer|colophon|copyright");
    private static final Pattern AGREEMENT = Pattern.compile(
            "(?i)\\b(accept|agree|allow|got it|ok|okay|akzeptieren|zustimmen|verstanden|accepter|d'accord|aceptar|accetta|akceptuję|aceitar)\\b");

    private MainContent() {}

    private static Pattern named(String names) {
        return Pattern.compile("(?:" + names + ")");
    }

    /** The element whose text is the page's; the page is changed. */
    static Element of(Document page, LeftOut leftOut) {
        removeUnseen(page, leftOut);
        removeConsent(page, leftOut);
        keepTheOnlyHeading(page);
        remove(
                page,
                leftOut,
                "navigation",
                "nav, menu, [role=navigation], [role=menu], [role=menubar], [role=toolbar], [role=tablist]");
        remove(
                page,
                leftOut,
                "page headers",
                "header:not(main header, article header, section header, [role=main] header), [role=banner]");
        remove(
                page,
                leftOut,
                "page footers",
                "footer:not(article footer, blockquote footer, main section footer), [role=contentinfo]");
        remove(page, leftOut, "asides", "aside, [role=complementary]");
        remove(
                page,
                leftOut,
                "dialogs",
                "dialog, [role=dialog], [role=alertdialog], [role=tooltip], [aria-modal=true]");
        remove(page, leftOut, "search forms", "search, [role=search]");
        Element main = main(page);
        removeNamed(main, leftOut);
        removeMenus(main, leftOut);
        if (!main.equals(page.body())) {
            leftOut.add("blocks outside of the main content", outside(page.body(), main));
        }
        return main;
    }

    /** Takes away what no browser shows. */
    static void removeUnseen(Document page, LeftOut leftOut) {
        remove(page, leftOut, "scripts", "script");
        page.select("style, head > *, link, meta").remove();
        remove(page, leftOut, "hidden parts", "body [hidden]:not([hidden=until-found]), body [aria-hidden=true]");
        for (Element element : page.select("body [style]")) {
            String style = element.attr("style").toLowerCase(Locale.ROOT).replaceAll("\\s", "");
            if (style.contains("display:none") || style.contains("visibility:hidden")) {
                hide(page, element, leftOut);
            }
        }
        remove(page, leftOut, "controls and what stands for scripts", NOT_SHOWN);
    }

    /** A page that is hidden until a script shows it is read. */
    private static void hide(Document page, Element element, LeftOut leftOut) {
        int all = page.text().length();
        if (all <= ENOUGH || element.text().length() <= MOST * all) {
            remove(element, leftOut, "hidden parts");
        }
    }

    private static void removeConsent(Document page, LeftOut leftOut) {
        int all = letters(page.body());
        for (Element element : page.body().select("div, section, aside, dialog, form, footer, p")) {
            if (element.parent() == null) {
                continue;
            }
            String text = element.text();
            boolean named = isNamed(element, CONSENT) && text.length() < MOST * all + ENOUGH;
            boolean asks = text.length() < 1_000
                    && text.length() < MOST * all
                    && text.toLowerCase(Locale.ROOT).contains("cookie")
                    && element.select("a, [role=button], [onclick]").stream()
                            .anyMatch(link -> link.text().length() < 40
                                    && AGREEMENT.matcher(link.text()).find());
            if (named || asks) {
                remove(element, leftOut, "cookie banners");
            }
        }
    }

    /** A title in the head of the page is part of the text where the text has none. */
    private static void keepTheOnlyHeading(Document page) {
        Elements headings = page.select("h1");
        if (headings.size() == 1) {
            Element heading = headings.first();
            Element header = heading.closest("header");
            if (header != null
                    && header.closest("main, article, section, [role=main]") == null
                    && header.nextElementSibling() != null) {
                Element part = page.select("main, [role=main]").first();
                if (part == null) {
                    header.after(heading);
                } else {
                    part.prependChild(heading);
                }
            }
        }
    }

    private static Element main(Document page) {
        Element body = page.body();
        int all = letters(body);
        for (String query : List.of("main, [role=main]", "[itemprop=articleBody]", "article")) {
            Elements found = page.select(query);
            found.removeIf(element -> element.parents().stream().anyMatch(found::contains));
            if (found.size() == 1) {
                int letters = letters(found.first());
                if (letters > 0 && (letters >= ENOUGH || letters >= ENOUGH_SHARE * all)) {
                    return found.first();
                }
            }
        }
        return body;
    }

    private static void removeNamed(Element main, LeftOut leftOut) {
        int all = letters(main);
        for (Element element : main.select("div, section, ul, ol, p, span, table, form, a")) {
            if (element.equals(main)
                    || element.closest("body") == null
                    || element.text().length() > MOST * all) {
                continue;
            }
            if (isNamed(element, NAVIGATION)) {
                remove(element, leftOut, "navigation");
            } else if (isNamed(element, FOOTER)) {
                remove(element, leftOut, "page footers");
            } else if (isNamed(element, ADVERTISEMENT)) {
                remove(element, leftOut, "advertisements");
            } else if (isNamed(element, SHARING)) {
                remove(element, leftOut, "links for sharing");
            } else if (isNamed(element, BESIDE)) {
                remove(element, leftOut, "asides");
            }
        }
    }

    /** Lists and rows of short links that are no part of an article. */
    private static void removeMenus(Element main, LeftOut leftOut) {
        if (!main.normalName().equals("body")) {
            return;
        }
        int all = letters(main);
        for (Element element : main.select("ul, ol, div, table, p, center")) {
            if (element.closest("body") == null || element.closest("article") != null) {
                continue;
            }
            Elements links = element.select("a[href]");
            int letters = element.text().length();
            int linked = links.stream().mapToInt(link -> link.text().length()).sum();
            if (links.size() >= FEWEST_LINKS
                    && linked >= MENU * letters
                    && linked <= LONGEST_LINK * links.size()
                    && letters <= MOST * all) {
                remove(element, leftOut, "navigation");
            }
        }
    }

    private static boolean isNamed(Element element, Pattern names) {
        return names.matcher(dashed(element.id())).matches()
                || element.classNames().stream()
                        .anyMatch(name -> names.matcher(dashed(name)).matches());
    }

    private static String dashed(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }

    /** Takes parts away, but for one that holds most of what there is to read. */
    private static void remove(Element page, LeftOut leftOut, String what, String query) {
        int all = page.text().length();
        for (Element element : page.select(query)) {
            if (all <= ENOUGH || element.text().length() <= MOST * all) {
                remove(element, leftOut, what);
            }
        }
    }

    /** What has gone already with a part around it is not counted again. */
    private static void remove(Element element, LeftOut leftOut, String what) {
        if (element.closest("html") != null && element.parent() != null) {
            if (element.hasText() || element.normalName().equals("script")) {
                leftOut.add(what, 1);
            }
            element.remove();
        }
    }

    private static int letters(Element element) {
        return element.text().length();
    }

    /** Of the body, the blocks with words that are not in the main part. */
    private static int outside(Element body, Element main) {
        int blocks = 0;
        for (Element element : body.getAllElements()) {
            if (!element.ownText().isBlank()
                    && !element.equals(main)
                    && !element.parents().contains(main)
                    && !main.parents().contains(element)) {
                blocks++;
            }
        }
        return blocks;
    }
}
