import {registry} from "@web/core/registry";
import {patient} from "@service_schedule/../tests/tours/patience";
import {turnTo} from "@sale_service_schedule_book/../tests/tours/book_tours";

const tours = registry.category("web_tour.tours");

/** From the list of services to the page of the one full day. */
const chooseFullDay = () => [
    {trigger: ".o_book_card:contains(Brake check)", run: "click", expectUnloadPage: true},
    turnTo("a.o_book_full"),
    {content: "what the dashes mean", trigger: ".o_book_waits:contains(dashed edge)"},
    {trigger: ".o_service_js a.o_book_full", run: "click", expectUnloadPage: true},
];

const leave = () => [
    {trigger: ".o_waitlist_card a:contains(Leave the waitlist)", run: "click", expectUnloadPage: true},
    {content: "it is asked first", trigger: "h1:contains(Leave the waitlist?)"},
    {trigger: "form .btn-danger", run: "click", expectUnloadPage: true},
];

tours.add("service_book_wait_guest", {
    url: "/book",
    steps: patient(() => [
        ...chooseFullDay(),
        {content: "nothing typed", trigger: ".o_book_join", run: "click", expectUnloadPage: true},
        {trigger: ".o_book_errors:contains(Please enter your e-mail)"},
        {trigger: "#service_name", run: "edit Gus Guest"},
        {trigger: "#service_email", run: "edit gus@example.com"},
        {trigger: ".o_book_join", run: "click", expectUnloadPage: true},
        {content: "his place", trigger: ".o_waitlist_card:contains(number 2 in line):contains(gus@example.com)"},
        ...leave(),
        {trigger: ".o_waitlist_card .badge:contains(Left)"},
    ]),
});

tours.add("service_book_wait_customer", {
    url: "/book",
    steps: patient(() => [
        ...chooseFullDay(),
        {content: "who he is, is known", trigger: ".o_book_page:not(:has(#service_email)) .o_book_join"},
        {trigger: ".o_book_join", run: "click", expectUnloadPage: true},
        {trigger: ".o_waitlist_card:contains(number 2 in line)"},
        {trigger: ".breadcrumb a:contains(Waitlist)", run: "click", expectUnloadPage: true},
        ...leave(),
        {trigger: "[role=status]:contains(You are off that waitlist)"},
    ]),
});

tours.add("service_book_wait_offered", {
    steps: patient(() => [
        {trigger: ".o_waitlist_card [role=status]:contains(This time is free for you)"},
        {trigger: ".o_waitlist_card a:contains(Take it)", run: "click", expectUnloadPage: true},
        {content: "counting", trigger: ".o_book_left:visible .o_book_clock:contains(:)"},
        {trigger: "#book_details"},
        {trigger: ".o_book_next", run: "click", expectUnloadPage: true},
        {trigger: ".o_book_place", run: "click", expectUnloadPage: true},
        {trigger: ".o_book_done[data-state=placed]"},
    ]),
});

tours.add("service_book_wait_missed", {
    steps: patient(() => [
        {content: "the message's link says how it is", trigger: ".o_book_ended h1:contains(not kept any more)"},
        {trigger: ".o_book_page a:contains(time)"},
    ]),
});
