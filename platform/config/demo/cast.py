"""What the demo's people are made of. All of them are invented."""

FIRST_NAMES = (
    "Abena Adil Aisha Alasdair Amara Aneirin Anjali Anwen Ayo Bethan Bilal Bronwen Callum Carys "
    "Catrin Chidi Ciara Cormac Deepa Dewi Efua Eilidh Elif Emeka Farah Fergus Fionn Gethin Gwen "
    "Hamza Hannah Idris Imani Iona Isla Jasmin Joanna Kamal Keir Kofi Lakshmi Leila Lowri Mairi "
    "Malik Marta Meera Nadia Ngozi Niamh Niall Nisha Ola Oonagh Orla Parveen Priya Rafiq Rhian "
    "Rohan Rosa Ruairi Saanvi Samir Seren Shanice Sinead Sorcha Tamsin Tariq Tegan Tomasz Uzma "
    "Vikram Wren Yasmin Yusuf Zainab Zofia"
).split()

LAST_NAMES = (
    "Abbott Achebe Ainsworth Akhtar Amoah Ashworth Bains Bancroft Bevan Birch Blackwood Brannigan "
    "Calloway Chaudhry Clough Coleridge Craddock Dasgupta Devlin Dunmore Eccles Ellwood Fairfax "
    "Farrow Galbraith Gill Goodwin Griffiths Hargreave Hathersage Hussain Ibekwe Ingleby Iqbal "
    "Jardine Kapoor Keane Kendrick Khalid Lanyon Llewellyn Lockhart MacAllan Mahmood Marlowe "
    "Mensah Merriweather Moran Nairn Nandy Norcross Nwosu Oakley Okonjo Osei Pascoe Penhale "
    "Pryce Quayle Rahman Redfern Rowntree Sandhu Sheard Siddall Sutherland Tamblyn Thorne Tierney "
    "Trevanion Umar Varley Vaughan Wadsworth Whitlock Winstanley Yeo"
).split()

JOB_TITLES = (
    "Head of operations;Project manager;Team leader;Senior adviser;Planning manager;Graduate "
    "trainee;Quality lead;Service manager;Regional manager;Analyst;Consultant;Deputy director;"
    "Programme coordinator;Training manager;Account manager;Policy adviser"
).split(";")

ORGANISATIONS = (
    "Larkspur & Vale;Northmoor Partners;Tidewell Group;Hollin Bridge Trust;Saltmarsh Works;"
    "Three Rivers Alliance;Copperfield Lane;Wexcombe Services;Ashdown & Reeve;Millrace Associates;"
    "Kestrel House;Fenwick Row;Bluestone Collective;Harrow Gate Partnership"
).split(";")

SHORT_ANSWERS = {
    "mentor": (
        "Listening first, then asking the next question",
        "Fifteen years of leading small teams",
        "Changing career without starting again",
        "Helping people prepare for a bigger role",
        "Plain advice and a long memory for mistakes",
    ),
    "mentee": (
        "Ready to lead my first team",
        "Finding my feet after a change of field",
        "More confidence in front of clients",
        "Planning the next three years",
        "Coming back after a career break",
    ),
}

SENTENCES = {
    "mentor": (
        "I have worked in this field for most of my life and still learn something every week.",
        "I was helped a good deal when I began, and I would like to pass that on.",
        "I like to meet once a month and to agree two small things to try before we meet again.",
        "I have moved between large organisations and a firm of six, so I know both.",
        "I am happy to read applications, to rehearse interviews and to say what I notice.",
        "What I enjoy most is the moment when somebody sees their own way.",
        "I have led teams through two mergers and one move to another city.",
        "I came back to work after five years with my family and know what that asks of a person.",
        "You will not get a plan from me, but you will leave with better questions.",
        "I keep what we talk about to myself.",
    ),
    "mentee": (
        "I have been in my present role for two years and would like to see what could come next.",
        "I moved over from another profession and would like to talk to somebody who did the same.",
        "I would like help to set goals that I can keep beside a full working week.",
        "I find it hard to speak up in large meetings and want to change that.",
        "I am studying beside my job and would value an outside view of how to use it.",
        "I have been offered a team of my own and want to begin well.",
        "I learn best from examples, and from being asked why.",
        "I can meet in the early evening or at lunch, in person or by video.",
        "My manager supports this and has agreed to give me the time.",
    ),
}

STATEMENTS = (
    "Your experience is close to what I would like to do next. I would be glad of an hour a month "
    "to talk through my plans, and I would bring questions each time.",
    "I have read your profile twice. I have just taken over a small team and would like somebody "
    "outside my organisation to think aloud with.",
    "I am deciding between staying in my field and moving to yours. A few conversations with you "
    "would help me to choose well.",
    "I would like to work on two things: speaking with confidence, and planning further ahead than "
    "the next deadline. I think that you could help with both.",
    "I am preparing for chartered status next year and would value your view of my evidence.",
)

DECLINES = (
    "Thank you for asking me. I have as many people as I can do justice to at present, and I hope "
    "that you find somebody soon.",
    "Your plans sound good. Somebody nearer to your field would serve you better than I could.",
)
