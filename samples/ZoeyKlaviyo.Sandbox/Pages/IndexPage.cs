namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class IndexPage
{
    public static string Render(SandboxOptions options, int events) => Layout.Page("Sandbox", "/", $"""
        <p class="lead">A stand-in for Klaviyo and a small demo shop, so that ZoeyKlaviyo can be tried, shown and tested
        without a Klaviyo account and without a store. What is sent here stays here{(options.DataDirectory is null ? ", until the sandbox stops" : "")}.</p>
        <div class="cards">
          <section class="card">
            <h2><a href="{Html.Encode(options.AdminUrl)}">The admin</a></h2>
            <p>Connect the store <em>Demo store</em> to Klaviyo there and switch it on. It is expected at <code>{Html.Encode(options.AdminUrl)}</code>.</p>
          </section>
          <section class="card">
            <h2><a href="/shop">Demo shop</a></h2>
            <p>Play a shopper: log in, look at a product, fill a cart, order. The real tracking script tells the admin. Or <a href="/shop/admin">act as a team member</a>.</p>
          </section>
          <section class="card">
            <h2><a href="/klaviyo">What arrived</a></h2>
            <p>Events that the stand-in for Klaviyo accepted, as they come in: {events} so far.</p>
          </section>
          <section class="card">
            <h2><a href="/klaviyo/catalog">Catalog</a></h2>
            <p>Categories, items and variants, as the stand-in for Klaviyo has them after all jobs so far.</p>
          </section>
          <section class="card">
            <h2><a href="/faults">Faults</a></h2>
            <p>Have the stand-in for Klaviyo fail, throttle or refuse, and see what the admin does then.</p>
          </section>
        </div>
        <h2>For tests and scripts</h2>
        <dl class="routes">
          <dt><a href="/sandbox/events"><code>GET /sandbox/events</code></a></dt><dd>Accepted events in order of arrival; <code>?email=</code>, <code>?metric=</code></dd>
          <dt><a href="/sandbox/counts"><code>GET /sandbox/counts</code></a></dt><dd>How many events are kept, how many repeats were not, and every answer so far by status</dd>
          <dt><a href="/sandbox/requests"><code>GET /sandbox/requests</code></a></dt><dd>The last 2,000 requests to the stand-in, with bodies</dd>
          <dt><a href="/sandbox/accounts"><code>GET /sandbox/accounts</code></a></dt><dd>The demo accounts of Klaviyo</dd>
          <dt><a href="/sandbox/faults"><code>GET /sandbox/faults</code></a></dt><dd>Faults that are on; <code>POST</code> one (a wrong one is answered with what it can have), <code>DELETE</code> all, or one by <code>/sandbox/faults/1</code></dd>
          <dt><a href="/sandbox/store"><code>GET /sandbox/store</code></a></dt><dd>How the store's REST API at <code>/api/rest</code> behaves; <code>PUT</code> what is to differ; below it <code>/requests</code>, <code>/requests/counts</code>, <code>/faults</code>, <code>/products</code>, <code>/products.csv</code>, <code>/categories</code> and <code>/catalog</code></dd>
          <dt><a href="/sandbox/orders"><code>GET /sandbox/orders</code></a></dt><dd>The shop's orders; <code>POST</code> one with what matters of it (the rest has defaults), or its new <code>status</code> to <code>/sandbox/orders/123/status</code></dd>
          <dt><a href="/sandbox/subscribers"><code>GET /sandbox/subscribers</code></a></dt><dd>The shop's newsletter: status 1 is subscribed, 2 not activated, 3 unsubscribed, 4 unconfirmed; <code>POST</code> rows that are to be so (<code>email</code>, <code>status</code>, <code>changeStatusAt</code>), <code>DELETE</code> one by <code>/sandbox/subscribers/jo@acme.test</code></dd>
          <dt><a href="/sandbox/subscribers.csv"><code>GET /sandbox/subscribers.csv</code></a></dt><dd>The same as a store's admin exports it</dd>
          <dt><code>POST /sandbox/feed/orders/123</code>, <code>/sandbox/feed/subscribers/jo@acme.test</code></dt><dd>The shop's server tells the admin; of a subscriber <code>?dateless=true</code> without the time, <code>?repeat=true</code> the last message once more</dd>
          <dt><a href="/sandbox/profiles"><code>GET /sandbox/profiles</code></a></dt><dd>Klaviyo's profiles with their consent; <code>POST</code> many, <code>PUT</code> one's consent to <code>/sandbox/profiles/jo@acme.test</code>, <code>POST</code> to <code>/unsubscribe</code> or <code>/confirm</code> below it</dd>
          <dt><a href="/sandbox/subscriptions"><code>GET /sandbox/subscriptions</code></a></dt><dd>Every row of the calls that subscribed or unsubscribed; below it <a href="/sandbox/subscriptions/counts"><code>/counts</code></a> and <a href="/sandbox/subscriptions/settings"><code>/settings</code></a> (<code>PUT</code> <code>defaultOptIn</code>, <code>delaySeconds</code>)</dd>
          <dt><a href="/sandbox/lists"><code>GET /sandbox/lists</code></a></dt><dd>Klaviyo's lists; <code>DELETE</code> one by its id</dd>
          <dt><a href="/sandbox/catalog"><code>GET /sandbox/catalog</code></a></dt><dd>Klaviyo's catalog by external ids; below it <a href="/sandbox/catalog/jobs"><code>/jobs</code></a> with counts of calls, and <a href="/sandbox/catalog/faults"><code>/faults</code></a>: <code>PUT</code> <code>refuse</code> (rows with the text in their title or name fail), <code>cancel</code> (so many jobs), <code>stuck</code> (no job ends), <code>seconds</code> (a job takes); <code>DELETE</code> all</dd>
          <dt><code>POST /sandbox/reset</code></dt><dd>Forget events, profiles, catalogs, created lists, requests, counts, faults, orders and subscribers; connections, customers and carts stay</dd>
          <dt><code>/oauth/authorize</code>, <code>/oauth/token</code>, <code>/oauth/revoke</code>, <code>/api/…</code></dt><dd>Klaviyo, checked against its official contract</dd>
        </dl>
        """);
}
