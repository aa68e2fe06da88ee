/* Shows an OpenAPI document: what each call wants and answers. Reads nothing but that document. */

const METHODS = ["get", "post", "patch", "put", "delete"];

function make(tag, text, children = []) {
    const element = document.createElement(tag);
    if (text) {
        element.textContent = text;
    }
    element.append(...children);
    return element;
}

function resolve(schema, spec) {
    return schema && schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema || {};
}

/** Name the type of a schema in few words: "integer", "list of Item", "MORNING | EVENING". */
function nameOf(schema = {}) {
    if (schema.$ref) {
        return schema.$ref.split("/").pop();
    }
    if (schema.anyOf) {
        return schema.anyOf.map(nameOf).join(" or ");
    }
    if (schema.enum) {
        return schema.enum.join(" | ");
    }
    if (schema.type === "array") {
        return `list of ${nameOf(schema.items)}`;
    }
    return schema.format || schema.type || "anything";
}

function makeTable(heads, rows) {
    const head = make("thead", "", [
        make(
            "tr",
            "",
            heads.map((text) => make("th", text)),
        ),
    ]);
    const body = rows.map((cells) =>
        make(
            "tr",
            "",
            cells.map((text) => make("td", text)),
        ),
    );
    const box = make("div", "", [make("table", "", [head, make("tbody", "", body)])]);
    box.className = "table";
    box.tabIndex = 0;
    return box;
}

/** Show the fields of a schema, and of what stands in them, each once. */
function showSchema(schema, spec, seen = new Set()) {
    const own = resolve(schema, spec);
    if (schema && schema.$ref) {
        if (seen.has(schema.$ref)) {
            return [];
        }
        seen.add(schema.$ref);
    }
    if (own.type === "array") {
        return showSchema(own.items, spec, seen);
    }
    const fields = Object.entries(own.properties || {});
    if (!fields.length) {
        return [];
    }
    const required = new Set(own.required || []);
    const rows = fields.map(([name, field]) => [
        required.has(name) ? name : `${name} (optional)`,
        nameOf(field),
        field.description || "",
    ]);
    const inner = fields.flatMap(([, field]) => [field, field.items, ...(field.anyOf || [])]);
    const parts = inner.filter((part) => part && part.$ref);
    return [
        make("h4", own.title || nameOf(schema)),
        ...(own.description ? [make("p", own.description)] : []),
        makeTable(["field", "type", ""], rows),
        ...parts.flatMap((part) => showSchema(part, spec, seen)),
    ];
}

function makeCurl(method, path, body) {
    const lines = [`curl -X ${method.toUpperCase()} "${location.origin}${path}"`, '  -H "Authorization: Bearer $KEY"'];
    if (body) {
        lines.push('  -H "Content-Type: application/json"', `  -d '${JSON.stringify(body)}'`);
    }
    const box = make("pre", lines.join(" \\\n"));
    box.tabIndex = 0; // it may scroll, also by keys
    return box;
}

function showCall(method, path, call, spec) {
    const name = make("span", method.toUpperCase());
    name.className = "method";
    const box = make("div", "", [make("p", call.description || call.summary)]);
    const body = call.requestBody && call.requestBody.content["application/json"];
    const wanted = body && resolve(body.schema, spec);
    const root = spec.servers && spec.servers[0] ? spec.servers[0].url : "";
    box.append(makeCurl(method, root + path, wanted && (wanted.examples || [])[0]));
    if ((call.parameters || []).length) {
        const rows = call.parameters.map((one) => [
            one.required ? one.name : `${one.name} (optional)`,
            `${one.in}, ${nameOf(one.schema)}`,
            one.description || one.schema.description || "",
        ]);
        box.append(make("h3", "Parameters"), makeTable(["name", "type", ""], rows));
    }
    if (body) {
        box.append(make("h3", "Body"), ...showSchema(body.schema, spec));
    }
    const answers = Object.entries(call.responses);
    box.append(
        make("h3", "Answers"),
        makeTable(
            ["status", ""],
            answers.map(([code, one]) => [code, one.description]),
        ),
    );
    const good = answers.find(([code, one]) => code < 300 && one.content && one.content["application/json"]);
    if (good) {
        box.append(...showSchema(good[1].content["application/json"].schema, spec));
    }
    return make("details", "", [make("summary", "", [name, make("code", path)]), box]);
}

function show(spec, page) {
    const tags = new Map();
    for (const [path, calls] of Object.entries(spec.paths)) {
        for (const method of METHODS.filter((one) => calls[one])) {
            const [tag] = calls[method].tags || ["Other"];
            tags.set(tag, [...(tags.get(tag) || []), showCall(method, path, calls[method], spec)]);
        }
    }
    const sections = [...tags].flatMap(([tag, calls]) => [make("h2", tag), ...calls]);
    const link = make("a", "openapi.json");
    link.href = page.dataset.schema;
    const texts = (spec.info.description || "").split("\n\n").map((text) => make("p", text));
    page.replaceChildren(make("h1", `${spec.info.title} ${spec.info.version}`), ...texts, link, ...sections);
}

document.addEventListener("DOMContentLoaded", async () => {
    const page = document.getElementById("docs");
    const answer = await fetch(page.dataset.schema);
    if (answer.ok) {
        show(await answer.json(), page);
    } else {
        page.replaceChildren(make("p", `The OpenAPI document could not be read: ${answer.status}`));
    }
});
